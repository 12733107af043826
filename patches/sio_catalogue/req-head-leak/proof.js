// The proof of req-head-leak: an HTTPS server with Socket.IO in a process of its own, and here the clients that use it.
// Three workloads, each on a fresh server: uploads, WebSockets that stay open, and both in turn. After each round the
// server collects its garbage and tells its resident memory; the slope over the rounds is the growth per connection.
//
// docs/proofs.md says how a proof is called and what it prints. SIO_PATCH_TARGET is what `require` is to give Socket.IO
// for. Written for Node 0.8 to 0.12: nothing newer than ECMAScript 5 here.
var child_process = require('child_process'), crypto = require('crypto'), fs = require('fs'), https = require('https'),
  tls = require('tls');

var MIB = 1024 * 1024, PIECE = new Buffer(64 * 1024);
var DEFECTIVE_ABOVE = 5, HEALTHY_BELOW = 1;  // MiB per connection; a TLS slab is 10
var UPLOAD_BYTES = 20 * MIB;                 // two slabs, so that each connection is given a slab of its own
var WARM_UP = 4;                             // rounds until the heap and the slabs in use have their working size
var ROUNDS = Math.max(+process.env.SIO_PATCH_ROUNDS || 40, WARM_UP + 4);
var STEP_LIMIT_MS = 30 * 1000;               // no answer for so long: something is wrong
var CHECK_LIMIT_MS = 5 * 1000;               // no answer for so long: the service does not speak that protocol
// The examples of RFC 6455, section 1.3, and of draft-hixie-thewebsocketprotocol-76, section 1.2.
var KEY = 'dGhlIHNhbXBsZSBub25jZQ==', SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
var KEYS = ['18x 6]8vM;54 *(5:  {   U1]8  z [  8', '1_ tx7X d  <  nw  334J702) 7]o}` 0'], NONCE = 'Tm[K T2u';
var WORKLOADS = [
  { name: 'uploads', uploads: true, sockets: false },
  { name: 'WebSockets', uploads: false, sockets: true },
  { name: 'uploads and WebSockets', uploads: true, sockets: true }
];

// When the other end of standard input is gone, nobody waits for this process any more.
process.stdin.resume();
process.stdin.on('end', function () { process.exit(2); });

if (process.argv[2] === 'serve') serve(); else prove();

// ---- the server process: prints its port, then its resident memory for each line on standard input

function serve() {
  var io = require(process.env.SIO_PATCH_TARGET);
  var pair = { key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') };
  var server = https.createServer(pair, function (req, res) {
    if (req.url !== '/upload') return;
    req.on('data', function () {});
    req.on('end', function () { res.end('stored'); });
  });
  var options = { 'log level': 0, transports: ['websocket'], 'flash policy server': false };
  io.listen(server, options).sockets.on('connection', function (socket) {
    socket.on('message', function (text) { socket.send(text); });
  });
  server.listen(0, '127.0.0.1', function () { console.log(server.address().port); });
  process.stdin.on('data', function () {
    for (var i = 0; i < 4; i++) gc();
    console.log(process.memoryUsage().rss);
  });
}

function startServer(done) {
  // Freed slabs go back to the system at once (glibc; others ignore it); else malloc keeps some, now more, now fewer.
  var env = { MALLOC_MMAP_THRESHOLD_: '65536' };
  for (var name in process.env) env[name] = process.env[name];
  var child = child_process.spawn(process.execPath, ['--expose-gc', __filename, 'serve'], { env: env });
  var said = '', waiting = null, stopped = false;
  child.stderr.pipe(process.stderr);
  child.stdout.on('data', function (data) {
    said += data;
    var end = said.indexOf('\n');
    if (end < 0 || !waiting) return;
    var line = said.slice(0, end), tell = waiting;
    said = said.slice(end + 1);
    waiting = null;
    tell(+line);
  });
  child.on('exit', function (status) {
    if (!stopped) cannotTell('the server process ended by itself, with status ' + status);
  });
  var server = {
    port: 0,
    memory: function (tell) { waiting = tell; child.stdin.write('memory\n'); },
    stop: function () { stopped = true; child.kill('SIGKILL'); }
  };
  waiting = function (port) { server.port = port; done(server); };
}

// ---- the clients

// `bytes`: how many to send with it. In pieces, because Node 0.10 is slow with large buffers.
function request(server, method, url, bytes, done) {
  var options = { host: '127.0.0.1', port: server.port, method: method, path: url, agent: false };
  options.rejectUnauthorized = false;
  if (bytes) options.headers = { 'Content-Length': bytes };
  var call = https.request(options, function (res) {
    var text = '';
    res.setEncoding('utf8');
    res.on('data', function (data) { text += data; });
    res.on('end', function () { done(res.statusCode === 200 ? null : 'status ' + res.statusCode, text); });
  });
  call.on('error', function (error) { done(error.message); });
  for (var sent = 0; sent < bytes; sent += PIECE.length) call.write(PIECE);
  call.end();
}

// The two protocols by hand. Each has the headers of its upgrade; `opened`, how many bytes of the answer open the
// connection (0: not all are here, -1: it is wrong); `frame`, for a text to send; `next`, [bytes used, text] of the
// first frame that has come, or null. hixie-76 has a nonce besides: 8 bytes behind the request, which its answer must
// prove. They come with the request, and are its head, or later.
var hybi = {
  name: 'hybi WebSocket (version 13)',
  headers: ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: ' + KEY],
  head: '',
  opened: function (received) {
    var end = received.indexOf('\r\n\r\n');
    if (end < 0) return 0;
    var accept = crypto.createHash('sha1').update(KEY + SUFFIX).digest('base64');
    return received.indexOf('Sec-WebSocket-Accept: ' + accept + '\r\n') < 0 ? -1 : end + 4;
  },
  frame: function (text) {  // masked with zeros; every text here is short and ASCII
    return new Buffer([0x81, 0x80 | text.length, 0, 0, 0, 0].concat(bytes(text)));
  },
  next: function (received) {
    var end = 2 + (received.charCodeAt(1) & 127);
    return received.length < 2 || received.length < end ? null : [end, received.slice(2, end)];
  }
};

function hixie(nonceInHead) {
  return {
    name: 'hixie-76 WebSocket, nonce ' + (nonceInHead ? 'in the head' : 'later than the head'),
    headers: ['Upgrade: WebSocket', 'Sec-WebSocket-Key1: ' + KEYS[0], 'Sec-WebSocket-Key2: ' + KEYS[1]],
    head: nonceInHead ? NONCE : '',
    late: !nonceInHead,
    opened: function (received) {
      var end = received.indexOf('\r\n\r\n') + 4;
      if (end < 4 || received.length < end + 16) return 0;
      var proof = crypto.createHash('md5').update(number(KEYS[0]) + number(KEYS[1]) + NONCE).digest('binary');
      return received.slice(end, end + 16) === proof ? end + 16 : -1;
    },
    frame: function (text) { return new Buffer([0].concat(bytes(text), [0xff])); },
    next: function (received) {
      var end = received.indexOf('\xff');
      return end < 0 ? null : [end + 1, received.slice(1, end)];
    }
  };
}

// What the digits of a hixie-76 key say, divided by its spaces, as four bytes.
function number(key) {
  var value = +key.replace(/\D/g, '') / key.replace(/[^ ]/g, '').length;
  return String.fromCharCode(value >>> 24 & 255, value >>> 16 & 255, value >>> 8 & 255, value & 255);
}

function bytes(text) {
  return text.split('').map(function (char) { return char.charCodeAt(0); });
}

// Gives done(error, connection) once Socket.IO has said that it is connected. connection.echo(text, done).
function connect(server, protocol, done) {
  request(server, 'GET', '/socket.io/1/', 0, function (error, handshake) {
    if (error) return done('handshake: ' + error);
    upgrade(server, protocol, handshake.split(':')[0], once(done));
  });
}

function upgrade(server, protocol, id, done) {
  var open = false, received = '', wanted = {};
  var socket = tls.connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false }, function () {
    var lines = ['GET /socket.io/1/websocket/' + id + ' HTTP/1.1', 'Host: 127.0.0.1:' + server.port]
      .concat('Connection: Upgrade', 'Origin: https://127.0.0.1', protocol.headers, '', protocol.head);
    socket.write(lines.join('\r\n'));
    if (protocol.late) setTimeout(function () { socket.write(NONCE); }, 100);
  });
  var connection = {
    echo: function (text, done) { wanted['3:::' + text] = done; socket.write(protocol.frame('3:::' + text)); },
    close: function () { socket.destroy(); }
  };
  socket.setEncoding('binary');
  socket.on('data', function (data) {
    received += data;
    if (!open) {
      var used = protocol.opened(received);
      if (used < 0) { done('the answer to the upgrade is wrong'); return socket.destroy(); }
      if (used === 0) return;
      open = true;
      received = received.slice(used);
    }
    for (var frame; (frame = protocol.next(received)); received = received.slice(frame[0])) heard(frame[1]);
  });
  function heard(text) {
    if (text === '1::') done(null, connection);
    if (text === '2::') socket.write(protocol.frame('2::'));  // a heartbeat; unanswered, the server would hang up
    if (wanted[text]) { wanted[text](); delete wanted[text]; }
  }
  socket.on('error', function (error) { done(error.message); });
  socket.on('close', function () { done('the server closed the connection'); });
}

// ---- what is done with them

function prove() {
  var x = 'connections made (WebSockets stay open)', y = 'resident memory of the server';
  say({ plan: { readings: WORKLOADS.length * (ROUNDS + 1), x: x, y: y, unit: 'MiB' } });
  makeKeys(function () {
    checkService(function (protocol) {
      each(WORKLOADS, function (workload, next) { run(workload, protocol, next); }, judge);
    });
  });
}

// OpenSSL's own program, because Node makes no certificates; a new key each time, because a key in a repository is
// taken for a secret. 1024 bits: Node 0.8 is that old.
function makeKeys(done) {
  var files = ['-keyout', 'key.pem', '-out', 'cert.pem'], subject = ['-subj', '/CN=localhost', '-days', '2'];
  var options = ['req', '-x509', '-newkey', 'rsa:1024', '-nodes'].concat(files, subject);
  child_process.execFile('openssl', options, { env: process.env }, function (error, out, text) {
    if (!error) return done();
    var missing = error.code === 'ENOENT' || error.code === 127;
    cannotTell(missing ? 'the program `openssl`, which makes the certificate for the test, is not installed'
      : '`openssl` made no certificate: ' + String(text).trim().split('\n').pop());
  });
}

// Which protocols connect and echo. Goes on with the first that does and that leaves something in the head.
function checkService(done) {
  var protocols = [hybi, hixie(true), hixie(false)], usable = [];
  startServer(function (server) {
    each(protocols, function (protocol, next) {
      check(server, protocol, function (passed) {
        say({ check: { name: protocol.name, passed: passed } });
        if (passed) usable.push(protocol);
        next();
      });
    }, function () {
      server.stop();
      if (!usable.length || usable[0] === protocols[2]) cannotTell('no WebSocket could be opened');
      done(usable[0]);
    });
  });
}

function check(server, protocol, done) {
  var tell = once(done);
  setTimeout(function () { tell(false); }, CHECK_LIMIT_MS);
  connect(server, protocol, function (error, connection) {
    if (error) return tell(false);
    connection.echo('are you there', function () { connection.close(); tell(true); });
  });
}

function run(workload, protocol, done) {
  var open = [], round = 0;
  workload.points = [];
  startServer(function (server) {
    read();
    function read() {
      step('reading the memory', server.memory, function (rss) {
        workload.points.push([round, rss / MIB]);
        say({ reading: { series: workload.name, x: round, y: Math.round(rss / MIB * 100) / 100 } });
        if (round === ROUNDS) return finish();
        round += 1;
        workload.uploads ? upload() : openSocket();
      });
    }
    function upload() {
      step('an upload', function (next) { request(server, 'POST', '/upload', UPLOAD_BYTES, next); }, function (error) {
        if (error) cannotTell('an upload failed: ' + error);
        workload.sockets ? openSocket() : read();
      });
    }
    function openSocket() {
      step('opening a WebSocket', function (next) { connect(server, protocol, next); }, function (error, connection) {
        if (error) cannotTell('a WebSocket could not be opened: ' + error);
        open.push(connection);
        read();
      });
    }
    // Only connections that are still there can keep memory: each has to answer once more.
    function finish() {
      each(open, function (connection, next) {
        step('an echo', function (heard) { connection.echo('still there', heard); }, next);
      }, function () { server.stop(); done(); });
    }
  });
}

function judge() {
  var worst = -Infinity;
  WORKLOADS.forEach(function (workload) {
    workload.slope = slope(workload.points.slice(WARM_UP));
    worst = Math.max(worst, workload.slope);
    var value = Math.round(workload.slope * 100) / 100;
    say({ figure: { name: 'growth with ' + workload.name, value: value, unit: 'MiB per connection' } });
  });
  if (worst > DEFECTIVE_ABOVE) process.exit(1);
  if (worst < HEALTHY_BELOW) process.exit(0);
  cannotTell('the memory grows by ' + worst.toFixed(2) + ' MiB per connection: more than ' + HEALTHY_BELOW +
    ', which would be healthy, and no more than ' + DEFECTIVE_ABOVE + ', above which it would be the defect');
}

// Of the least-squares line through [x, y] points.
function slope(points) {
  var n = points.length, x = 0, y = 0, above = 0, below = 0;
  points.forEach(function (point) { x += point[0] / n; y += point[1] / n; });
  points.forEach(function (point) {
    above += (point[0] - x) * (point[1] - y);
    below += (point[0] - x) * (point[0] - x);
  });
  return above / below;
}

// ---- small tools

function say(line) { fs.writeSync(1, JSON.stringify(line) + '\n'); }

function cannotTell(reason) {
  say({ reason: reason });
  process.exit(2);
}

function step(what, action, done) {
  var late = what + ' took more than ' + STEP_LIMIT_MS / 1000 + ' s';
  var limit = setTimeout(function () { cannotTell(late); }, STEP_LIMIT_MS);
  action(function (first, second) { clearTimeout(limit); done(first, second); });
}

function each(items, action, done) {
  var index = 0;
  (function next() { if (index < items.length) action(items[index++], next); else done(); }());
}

function once(action) {
  var called = false;
  return function (first, second) { if (!called) { called = true; action(first, second); } };
}
