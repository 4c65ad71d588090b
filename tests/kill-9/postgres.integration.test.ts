import { describePostgres, dropSchema, randomSchema } from '../support/postgres.ts';
import { kill9Contract } from './kill-9.contract.ts';

describePostgres('PostgreSQL', (url) => {
  kill9Contract('PostgreSQL', async (work) => {
    const schema = randomSchema();
    try {
      await work({ url, schema });
    } finally {
      await dropSchema(url, schema);
    }
  });
});
