// The application of the proof: it starts here, and all it does is to hand out Socket.IO.
module.exports = require('socket.io');
