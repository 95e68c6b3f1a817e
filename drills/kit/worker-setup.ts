import './matchers.ts';

// A terminal's Ctrl-C reaches the whole process group. The main process decides what happens then
// (it cancels the run, and the drill undoes its fault); the worker must live to do that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Nobody may read any more what is printed, as behind a `tee` that Ctrl-C has ended: the undoing goes on.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
// When the main process is killed nothing may go on: the twin ends by itself, and so does the worker.
process.on('disconnect', () => process.exit(1));
