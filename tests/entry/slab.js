// Receives one byte over TLS, twice, and prints how many bytes of memory the buffer holds that it came in: from
// tls.createServer, and from a tls.createSecurePair. Runs on Node 0.8 and on today's. Arguments: key file, certificate.
var tls = require('tls')
  , net = require('net')
  , fs = require('fs')
  , crypto = require('crypto')
  , options = { key: fs.readFileSync(process.argv[2]), cert: fs.readFileSync(process.argv[3]) };

function held(buffer) {
  var whole = buffer.parent || buffer.buffer || buffer;
  return whole.length || whole.byteLength;
}

function send(server) {
  server.listen(0, '127.0.0.1', function () {
    var to = { host: '127.0.0.1', port: server.address().port, rejectUnauthorized: false };
    var client = tls.connect(to, function () { client.write('x'); });
  });
}

function viaServer(done) {
  send(tls.createServer(options, function (socket) {
    socket.on('data', function (data) { done(held(data)); });
  }));
}

function viaPair(done) {
  if (!tls.createSecurePair) return done(null);
  send(net.createServer(function (socket) {
    var context = (tls.createSecureContext || crypto.createCredentials)(options);
    var pair = tls.createSecurePair(context, true, false, false);
    pair.encrypted.pipe(socket);
    socket.pipe(pair.encrypted);
    pair.cleartext.on('data', function (data) { done(held(data)); });
  }));
}

viaServer(function (server) {
  viaPair(function (pair) {
    console.log(JSON.stringify({ server: server, pair: pair }));
    process.exit(0);
  });
});
