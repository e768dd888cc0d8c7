// Runs a machine again and again with aws-local-stepfunctions, and prints the executions a second.
const { readFileSync } = require('node:fs');
const { StateMachine } = require('aws-local-stepfunctions');

const [file, input, milliseconds] = process.argv.slice(2);
const machine = new StateMachine(JSON.parse(readFileSync(file, 'utf8')));

(async () => {
  const run = () => machine.run(JSON.parse(input)).result;
  const output = await run();
  let ended = 0;
  const began = performance.now();
  while (performance.now() - began < Number(milliseconds)) {
    await run();
    ended += 1;
  }
  const perSecond = (ended * 1000) / (performance.now() - began);
  console.log(JSON.stringify({ output, perSecond }));
})();
