import { Laboratory } from '../laboratory.ts';

/** Records a session in the folder of its last argument until it is killed; says a line when something is on disk. */
const [nativeFolder, scenariosFolder, recordingsFolder] = process.argv.slice(2) as [string, string, string];
const laboratory = new Laboratory({ nativeFolder, scenariosFolder, recordingsFolder });
await laboratory.execute({ type: 'runScenario', name: 'blank' });
const { thread } = await laboratory.execute({ type: 'createThread', suspended: true });
let isOnDisk = false;
setInterval(() => {
  void laboratory.execute({ type: 'queueUserApc', thread, routine: 0, data: 0, count: 10_000 });
  if (isOnDisk) return;
  void laboratory.trace().then((trace) => {
    if (isOnDisk || (trace?.table.length ?? 0) < 20_000) return;
    isOnDisk = true;
    process.stdout.write(`${laboratory.traceFile()}\n`);
  });
}, 20);
