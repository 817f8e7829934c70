/** The small app's utility process: says what it finds around it. */

process.stdout.write(`${process.argv[2]}, send: ${typeof process.send}, type: ${process.type}\n`);
process.parentPort.on('message', ({ data }) => {
  if (data === 'end') process.exit(7);
  process.parentPort.postMessage(`${typeof data} ${String(data)}`);
});
setInterval(() => {}, 54_321);
