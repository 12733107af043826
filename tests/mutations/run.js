// Runs `handleUpgrade`s that are odd, in a world of stubs, and says whether they keep the head.
//
//   node run.js < [[text, text, ...], ...]   > [[end, end, ...], ...]
//
// Each text assigns `Manager.prototype.handleUpgrade`. It is called in four worlds: with a request that is to be handled
// or not, and with upgrades that are to be destroyed or not. An end is a list of four, one a world: `threw`, `late` (it
// did not come back), `kept` (the head can be reached from the request or the socket afterwards), and `calls` (what was
// called, in turn, and whether the request had the head when it was first handled).
'use strict';

const vm = require('vm');

const TIMEOUT_MS = 200;
const WORLDS = [
  { data: { id: 1 }, enabled: true },
  { data: { id: 1 }, enabled: false },
  { data: null, enabled: true },
  { data: null, enabled: false },
];

// Evaluates to the stubs: the text itself sees `Manager` alone.
const BUILD = `(function (data, enabled) {
  var calls = [];
  var head = { isHead: true }, req = { method: 'GET', url: '/', headers: {} }, socket = {};
  function stub(name, value) {
    return function () {
      var first = name === 'handleClient' && !calls.some(function (call) { return call[0] === name; });
      calls.push([name, arguments.length, first && req.head === head]);
      return value;
    };
  }
  ['end', 'destroy', 'write', 'on', 'once', 'setTimeout'].forEach(function (name) {
    socket[name] = stub('socket.' + name);
    req[name] = stub('req.' + name);
  });
  function Manager() {
    this.checkRequest = stub('checkRequest', data);
    this.handleClient = stub('handleClient');
    this.handleHandshake = stub('handleHandshake');
    this.enabled = stub('enabled', enabled);
    this.log = { debug: stub('debug'), info: stub('info'), warn: stub('warn') };
    this.transports = this.handshaken = {};
  }
  return { Manager: Manager, req: req, socket: socket, head: head, calls: calls };
})`;

function reaches(roots, wanted) {
  const seen = new Set();
  const stack = [...roots];
  while (stack.length) {
    const value = stack.pop();
    if (value === wanted) return true;
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) continue;
    seen.add(value);
    stack.push(Object.getPrototypeOf(value));
    for (const key of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, key);
      if (property && 'value' in property) stack.push(property.value);
    }
  }
  return false;
}

function end(text, world) {
  const context = vm.createContext({ console: {} }, { microtaskMode: 'afterEvaluate' });
  const stubs = vm.runInContext(BUILD, context)(world.data, world.enabled);
  context.Manager = stubs.Manager;
  try {
    vm.runInContext(`(function () {\n${text}\n})();`, context, { timeout: TIMEOUT_MS });
    context.stubs = stubs;
    vm.runInContext('new Manager().handleUpgrade(stubs.req, stubs.socket, stubs.head);', context, { timeout: TIMEOUT_MS });
  } catch (error) {
    return { threw: true, late: error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT', kept: false, calls: [] };
  }
  return { threw: false, late: false, kept: reaches([stubs.req, stubs.socket], stubs.head), calls: stubs.calls };
}

const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(texts.map((group) => group.map((text) => WORLDS.map((world) => end(text, world))))));
