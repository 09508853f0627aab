/** Services that people often run beside a gateway, and where they answer by themselves. */
import { z } from 'zod';

export const pluginPreset = z.object({
  /** The ID that is proposed. */
  plugin: z.string(),
  name: z.string(),
  category: z.string(),
  port: z.number(),
});
export type PluginPreset = z.infer<typeof pluginPreset>;

export const pluginPresets: PluginPreset[] = [
  { plugin: 'node-red', name: 'Node-RED', category: 'automation', port: 1880 },
  { plugin: 'grafana', name: 'Grafana', category: 'monitoring', port: 3000 },
  { plugin: 'prometheus', name: 'Prometheus', category: 'monitoring', port: 9090 },
  { plugin: 'alertmanager', name: 'Alertmanager', category: 'monitoring', port: 9093 },
  { plugin: 'influxdb', name: 'InfluxDB', category: 'database', port: 8086 },
  { plugin: 'mosquitto', name: 'Mosquitto', category: 'messaging', port: 1883 },
  { plugin: 'vscode', name: 'VS Code', category: 'development', port: 8080 },
  { plugin: 'jupyter', name: 'Jupyter', category: 'development', port: 8888 },
  { plugin: 'rstudio', name: 'RStudio', category: 'development', port: 8787 },
  { plugin: 'sftpgo', name: 'SFTPGo', category: 'files', port: 8080 },
  { plugin: 'registry', name: 'Container registry', category: 'development', port: 5000 },
  { plugin: 'connectivity', name: 'Connectivity plugin', category: 'connectivity', port: 3000 },
];
