import { inFolder } from '../support/cli.ts';
import { kill9Contract } from './kill-9.contract.ts';

kill9Contract('PGlite', (work) => inFolder((dataDir) => work({ dataDir })));
