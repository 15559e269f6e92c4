// Letters by easy-template-x, as its README shows it: node easy_letters.cjs <folder with node_modules> <template>.
// Reads the rows as JSON from the standard input; writes how many seconds they took (of the clock or of the processor,
// whichever is less).
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const [folder, templateFile] = process.argv.slice(2);
const { TemplateHandler } = createRequire(path.join(folder, "package.json"))("easy-template-x");
const rows = JSON.parse(fs.readFileSync(0, "utf8"));

(async () => {
  const template = fs.readFileSync(templateFile);
  const handler = new TemplateHandler();
  for (const row of rows.slice(0, 10)) await handler.process(template, row);
  const started = process.hrtime.bigint();
  const used = process.cpuUsage();
  for (const row of rows) await handler.process(template, row);
  const clock = Number(process.hrtime.bigint() - started) / 1e9;
  const { user, system } = process.cpuUsage(used);
  process.stdout.write(String(Math.min(clock, (user + system) / 1e6)));
})();
