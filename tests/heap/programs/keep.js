// What is kept and how, on today's Node. Arguments: FILE slices|whole. Writes a heap snapshot to FILE.
//   slices  requests that each keep a slice of a pooled Buffer, and one that keeps a slice of a 10 MiB ArrayBuffer
//   whole   large buffers in every place where a program keeps all of one
const v8 = require('v8');
const [file, what] = process.argv.slice(2);
const SIZE = 10 * 1024 * 1024;
const whole = () => Buffer.alloc(SIZE, 1);
const kept = [];

class Request {
  constructor(url) {
    this.url = url;
  }
}

function slices() {
  for (let i = 0; i < 200; i++) {
    const request = new Request(`/${i}`);
    request.token = Buffer.from(`token ${i}`); // from the pool; what follows uses up the rest of it
    for (let j = 0; j < 3; j++) Buffer.allocUnsafe(Buffer.poolSize / 2 - 8);
    kept.push(request);
  }
  const request = new Request('/upgrade');
  request.head = Buffer.from(new ArrayBuffer(SIZE), 100, 10);
  kept.push(request);
}

function wholes() {
  const variable = whole();
  const table = { a: whole(), b: whole(), c: whole() };
  const key = {};
  const owner = new Request('/memory');
  owner.memory = new ArrayBuffer(SIZE);
  owner.view = new Uint8Array(owner.memory, 0, 10);
  const generator = (function* () {
    const local = whole();
    yield 1;
    return local;
  })();
  generator.next();
  global.large = whole();
  kept.push(
    () => variable, table, owner, generator, key, new WeakMap([[key, whole()]]),
    new Map([['a', whole()]]), new Set([whole()]), [whole(), whole()], Promise.resolve(whole()),
    (function () {}).bind(null, whole()), new WebAssembly.Memory({ initial: 100 }),
  );
}

({ slices, whole: wholes })[what]();
setTimeout(() => {
  v8.writeHeapSnapshot(file);
  kept.length;
}, 10);
