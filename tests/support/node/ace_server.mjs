// Ace, with its browser started once: each line of standard input names an EPUB and a folder for the report, as JSON;
// each is answered with a line, the assertions or why there are none. It ends when standard input does.
import { createInterface } from "node:readline";
import ace from "@daisy/ace-core";
import runner from "@daisy/ace-axe-runner-puppeteer";

// Ace closes the browser after every book and writes to standard output, which is for answers here.
const warm = { ...runner, launch: async () => {}, close: async () => {} };
const answer = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

await runner.launch();
for await (const line of createInterface({ input: process.stdin })) {
  const { epub, folder } = JSON.parse(line);
  try {
    const [, report] = await ace(epub, { cwd: "/", outdir: folder, silent: true, initLogger: true }, warm);
    answer(`${JSON.stringify({ assertions: report.assertions })}\n`);
  } catch (problem) {
    answer(`${JSON.stringify({ problem: String(problem?.stack ?? problem) })}\n`);
  }
}
await runner.close();
process.exit(0);
