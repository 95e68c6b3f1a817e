import './matchers.ts';

// A terminal's Ctrl-C reaches the whole process group. The main process decides what happens then
// (it cancels the run, and the drill undoes its fault); the worker must live to do that.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
// When the main process is killed nothing may go on: the twin ends by itself, and so does the worker.
process.on('disconnect', () => process.exit(1));
