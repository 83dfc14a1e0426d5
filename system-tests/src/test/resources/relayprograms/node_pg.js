'use strict';
const { Client, Query } = require('pg');

const [host, port, ...verbs] = process.argv.slice(2);
const target = { host, port: Number(port), user: 'app', password: 'secret', database: 'app', connectionTimeoutMillis: 5000 };
const SLEEP = 'SELECT pg_sleep(3600)';
const WHERE = "SELECT current_setting('cluster_name')";
const WRITE = 'INSERT INTO journal VALUES (1)';

const say = (key, value) => console.log(`${key}=${String(value).replace(/\s+/g, ' ')}`);
const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

async function connect() {
  const client = new Client(target);
  client.on('error', () => {});
  await client.connect();
  return client;
}

const one = async (client, query) => (await client.query({ rowMode: 'array', ...query })).rows[0][0];

const verbNamed = {
  async work(client) {
    say('server', await one(client, { text: WHERE }));
    await client.query('BEGIN');
    await client.query('CREATE TEMPORARY TABLE numbers (n int) ON COMMIT DROP');
    for (let n = 1; n <= 100; n++) {
      await client.query({ name: 'adding', text: 'INSERT INTO numbers VALUES ($1)', values: [n] });
    }
    say('sum', await one(client, { text: 'SELECT sum(n) FROM numbers' }));
    await client.query('COMMIT');
    const count = { name: 'count', text: 'SELECT count(*) FROM journal' };
    const before = await one(client, count);
    await client.query('BEGIN');
    await client.query(WRITE);
    await client.query('ROLLBACK');
    say('left', (await one(client, count)) - before);
    await client.query('SELECT 1/$1::int', [0]).catch((error) => say('error', error.code));
    const sleeping = new Promise((resolve) => {
      const query = client.query(new Query(SLEEP, (error) => resolve(error && error.code)));
      setTimeout(() => new Client(target).cancel(client, query), 500);
    });
    say('cancel', await sleeping);
    say('after', await one(client, { text: 'SELECT $1::int', values: [1] }));
  },

  async listen(client) {
    const heard = new Promise((resolve) => client.on('notification', (message) => resolve(message.payload)));
    await client.query('LISTEN news');
    const other = await connect();
    await other.query("NOTIFY news, 'hello'");
    await other.end();
    say('notified', await heard);
  },

  async wait(client) {
    say('waiting', 'yes');
    await client.query(SLEEP).catch((error) => say('lost', `${error.code || 'none'} ${error.name} ${error.message}`));
    for (;;) {
      try {
        const fresh = await connect();
        await fresh.query(WRITE);
        say('again', await one(fresh, { text: WHERE }));
        return;
      } catch (error) {
        await pause(50);
      }
    }
  },
};

(async () => {
  const client = await connect();
  for (const verb of verbs) {
    await verbNamed[verb](client);
  }
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
