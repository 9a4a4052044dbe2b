// An S3 server with one bucket for the tests: prints its port, and ends when its standard input closes.
// Usage: node s3_server.js DIRECTORY BUCKET PORT (0: a free one)
'use strict';

const S3rver = require('@20minutes/s3rver');

const [directory, bucket, port] = process.argv.slice(2);
const server = new S3rver({
  address: '127.0.0.1',
  port: Number(port),
  silent: true,
  directory,
  allowMismatchedSignatures: false,
  configureBuckets: [{ name: bucket }],
});

// S3 shows whole objects only, but s3rver overwrites its files in place: answer one request for an object at a time.
const last = new Map();
server.middleware.unshift(async (ctx, next) => {
  const before = last.get(ctx.path);
  const answered = new Promise((resolve) => ctx.res.once('close', resolve));
  last.set(ctx.path, answered);
  await before;
  await next();
  answered.then(() => last.get(ctx.path) === answered && last.delete(ctx.path));
});

// Signature version 4 escapes these five as well (RFC 3986); s3rver forgets them in queries.
const escaped = encodeURIComponent;
global.encodeURIComponent = (text) =>
  escaped(text).replace(/[!'()*]/g, (letter) => '%' + letter.charCodeAt(0).toString(16).toUpperCase());

// s3rver takes the end of "bytes=0-0" for no end, because 0 is false; "0" is not.
const getObject = server.store.getObject.bind(server.store);
server.store.getObject = (from, key, options) =>
  getObject(from, key, options && options.end === 0 ? { ...options, end: '0' } : options);

server.run().then(({ port }) => console.log(port));
process.stdin.on('end', () => process.exit(0)).resume();
