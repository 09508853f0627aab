/** Templates: those that come with Sluice, and those of the site, which are part of the configuration. */
import { SluiceError } from '../../shared/errors.ts';
import {
  MOST_OWN_TEMPLATES,
  type OwnTemplate,
  type TemplateChange,
  type TemplateInput,
  type TemplateView,
} from '../../shared/template.ts';
import { templates as builtIn } from '../../shared/templates.ts';
import type { Store } from '../store/store.ts';
import type { ChangeQueue } from './change-queue.ts';

export class Templates {
  readonly #store: Store;
  readonly #changes: ChangeQueue;

  constructor({ store, changes }: { readonly store: Store; readonly changes: ChangeQueue }) {
    this.#store = store;
    this.#changes = changes;
  }

  /** Own ones first, by name. */
  list(): TemplateView[] {
    const own = [...this.#own].sort((a, b) => a.name.localeCompare(b.name));
    return [...own.map(viewOf), ...builtIn];
  }

  /** Rejects with TEMPLATE_EXISTS, TEMPLATES_FULL, CONFIG_NOT_SAVED. */
  create({ template, name, advice = '', settings }: TemplateInput): Promise<TemplateView> {
    return this.#changes.run(async () => {
      if (this.list().some((one) => one.template === template)) throw new SluiceError('TEMPLATE_EXISTS', { template });
      if (this.#own.length >= MOST_OWN_TEMPLATES) throw new SluiceError('TEMPLATES_FULL', { most: MOST_OWN_TEMPLATES });
      const made = { template, name, advice, settings };
      this.#save([...this.#own, made]);
      return viewOf(made);
    });
  }

  /** Rejects with TEMPLATE_NOT_FOUND, TEMPLATE_FIXED, CONFIG_NOT_SAVED. */
  update(template: string, { name, advice, settings }: TemplateChange): Promise<TemplateView> {
    return this.#changes.run(async () => {
      const before = this.#changeable(template);
      const after = {
        template,
        name: name ?? before.name,
        advice: advice ?? before.advice,
        settings: settings ?? before.settings,
      };
      this.#save(this.#own.map((one) => (one.template === template ? after : one)));
      return viewOf(after);
    });
  }

  /** Rejects with TEMPLATE_NOT_FOUND, TEMPLATE_FIXED, CONFIG_NOT_SAVED. */
  remove(template: string): Promise<void> {
    return this.#changes.run(async () => {
      this.#changeable(template);
      this.#save(this.#own.filter((one) => one.template !== template));
    });
  }

  get #own(): readonly OwnTemplate[] {
    return this.#store.config.templates ?? [];
  }

  #changeable(template: string): OwnTemplate {
    const found = this.#own.find((one) => one.template === template);
    if (found) return found;
    const isFixed = builtIn.some((one) => one.template === template);
    throw new SluiceError(isFixed ? 'TEMPLATE_FIXED' : 'TEMPLATE_NOT_FOUND', { template });
  }

  #save(templates: readonly OwnTemplate[]): void {
    this.#store.save({ ...this.#store.config, templates });
  }
}

const viewOf = (template: OwnTemplate): TemplateView => ({ ...template, own: true });
