// Runs a machine again and again with aws-local-stepfunctions, and prints the executions a second.
const { readFileSync } = require('node:fs');
const { StateMachine } = require('aws-local-stepfunctions');

const [file, text, milliseconds] = process.argv.slice(2);
const machine = new StateMachine(JSON.parse(readFileSync(file, 'utf8')));
const input = JSON.parse(text);

(async () => {
  const run = () => machine.run(input).result;
  const output = await run();
  // The compiler gets half a second to warm up.
  for (const began = performance.now(); performance.now() - began < 500; ) await run();
  let ended = 0;
  const used = process.cpuUsage();
  const began = performance.now();
  while (performance.now() - began < Number(milliseconds)) {
    await run();
    ended += 1;
  }
  const perSecond = (ended * 1000) / (performance.now() - began);
  const { user, system } = process.cpuUsage(used);
  const perCpuSecond = (ended * 1_000_000) / (user + system);
  console.log(JSON.stringify({ output, perSecond, perCpuSecond }));
})();
