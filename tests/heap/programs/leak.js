// Socket.IO over HTTPS on Node 0.8: each round is one upload and one WebSocket that stays open. At the end, a heap
// snapshot by heapdump into the current directory. Arguments: ROUNDS. Key and certificate: key.pem and cert.pem.
var fs = require('fs'), https = require('https'), tls = require('tls'), heapdump = require('heapdump');

var rounds = +process.argv[2], upload = new Buffer(20 * 1024 * 1024), open = [];
upload.fill('x');

var server = https.createServer({ key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') });
server.on('request', function (req, res) {
  if (req.url !== '/upload') return;
  req.on('data', function () {});
  req.on('end', function () { res.end(); });
});
require('socket.io').listen(server, { 'log level': 0 });

function request(method, path, body, done) {
  var options = { host: '127.0.0.1', port: server.address().port, method: method, path: path, agent: false };
  options.rejectUnauthorized = false;
  if (body) options.headers = { 'Content-Length': body.length };
  https.request(options, function (res) {
    var text = '';
    res.on('data', function (data) { text += data; });
    res.on('end', function () { done(text); });
  }).end(body || undefined);
}

function connect(sid, done) {
  var socket = tls.connect({ host: '127.0.0.1', port: server.address().port, rejectUnauthorized: false }, function () {
    socket.write('GET /socket.io/1/websocket/' + sid + ' HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n' +
      'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
    socket.once('data', function (data) {
      if (!/^HTTP\/1\.1 101/.test(data)) throw new Error('no upgrade: ' + data);
      open.push(socket);
      setTimeout(done, 50);
    });
  });
}

function round(left) {
  if (left === 0) return snapshot();
  request('POST', '/upload', upload, function () {
    request('GET', '/socket.io/1/', null, function (handshake) {
      connect(handshake.split(':')[0], function () { round(left - 1); });
    });
  });
}

// heapdump forks, and the child writes: the file is whole when it ends with the brackets of its last array.
function snapshot() {
  for (var i = 0; i < 4; i++) gc();
  heapdump.writeSnapshot();
  setInterval(function () {
    var name = fs.readdirSync('.').filter(function (each) { return /\.heapsnapshot$/.test(each); })[0];
    var text = name && fs.readFileSync(name, 'ascii');
    if (text && /\]\}\s*$/.test(text.slice(-8))) process.exit(0);
  }, 100);
}

setTimeout(function () { process.exit(9); }, 60 * 1000);
server.listen(0, '127.0.0.1', function () { round(rounds); });
