/** The look of `/docs`: the colours and lines of the product, without its fonts, which have no fixed address. */
export const docsStyle = `
:root { --page:#fff; --chrome:#f4f6f7; --rail:#e9edef; --line:#dbe2e5; --strong:#b3bfc5; --ink:#0f1e26; --ink2:#44545d; --primary:#0b5a72; --tint:#e3eff3; --fault:#b01b16; --active:#0e6b3b; --degraded:#7a4a00; --focus:#0058d6 }
@media (prefers-color-scheme: dark) { :root { --page:#10191e; --chrome:#0c1418; --rail:#091014; --line:#24323a; --strong:#3c4e58; --ink:#e4ecef; --ink2:#aab9c1; --primary:#6cc4dc; --tint:#12303b; --fault:#ff8f87; --active:#6ccb93; --degraded:#f0bd63; --focus:#9ccbff } }
* { box-sizing:border-box }
html { scroll-padding-top:64px }
body { margin:0; background:var(--page); color:var(--ink); font:14px/20px "IBM Plex Sans Variable","IBM Plex Sans",system-ui,sans-serif; font-variant-numeric:tabular-nums }
header { position:sticky; top:0; height:48px; padding:0 24px; line-height:48px; background:var(--rail); border-bottom:1px solid var(--strong) }
.frame { display:grid; grid-template-columns:240px minmax(0,1fr) }
nav { position:sticky; top:48px; align-self:start; height:calc(100vh - 48px); overflow:auto; padding:8px 0 24px; background:var(--rail); border-right:1px solid var(--strong) }
nav h2 { margin:16px 24px 4px; font-size:12.5px; line-height:16px; color:var(--ink2) }
nav ul { margin:0; padding:0; list-style:none }
nav a { display:block; padding:4px 24px; color:var(--ink); text-decoration:none }
nav a:hover { background:var(--tint) }
main { max-width:1040px; padding:24px }
h1 { margin:24px 0 8px; font-size:20px; line-height:28px; font-weight:600; letter-spacing:-.01em }
h1:first-child { margin-top:0 }
section { margin-top:24px; padding-top:16px; border-top:1px solid var(--line) }
section h2 { margin:0 0 8px; font-size:15px; font-weight:600 }
p, section > div { margin:8px 0 }
a { color:var(--primary) }
:focus-visible { outline:2px solid var(--focus); outline-offset:2px }
code, pre { font:13px/20px "IBM Plex Mono",ui-monospace,monospace; overflow-wrap:anywhere }
pre { margin:8px 0; padding:8px 12px; overflow:auto; background:var(--chrome); border:1px solid var(--line); border-radius:3px }
.quiet { color:var(--ink2) }
.route b { display:inline-block; min-width:64px; font-weight:600; color:var(--primary) }
.route .post { color:var(--active) }
.route .put { color:var(--degraded) }
.route .delete { color:var(--fault) }
.scroll { overflow-x:auto }
table { width:100%; margin:8px 0; border-collapse:collapse; text-align:left }
th { height:32px; padding:0 12px 0 0; background:var(--chrome); font-size:12.5px; font-weight:600; color:var(--ink2); border-bottom:1px solid var(--strong) }
td { padding:6px 12px 6px 0; vertical-align:top; border-bottom:1px solid var(--line) }
th:first-child, td:first-child { padding-left:8px }
@media (max-width:900px) { .frame { grid-template-columns:minmax(0,1fr) } nav { position:static; height:auto; border-right:0; border-bottom:1px solid var(--strong) } }
`;
