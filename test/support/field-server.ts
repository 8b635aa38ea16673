import { startServer } from '../../api/server/start.ts';
import { openStore } from '../../services/store/open.ts';
import { greyChips, silent } from '../api/server/service.ts';

/** A server of its own process, to be killed: node field-server.ts DATABASE HOME. Prints its address. */
const [database, home] = process.argv.slice(2);
const store = await openStore({ sqlite: database });
const configuration = { host: '127.0.0.1', port: 0, readLog: false };
const { url } = await startServer({ store, configuration, log: silent, chips: greyChips, home });
process.stdout.write(`${url}\n`);
