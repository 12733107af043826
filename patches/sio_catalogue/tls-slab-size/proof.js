// What the setting changes shows in any service that keeps a few received bytes for long; Socket.IO 0.9.13 is one. So the
// proof is that of req-head-leak, on an application that the patch was applied to, with Socket.IO as published.
require('../req-head-leak/proof.js');
