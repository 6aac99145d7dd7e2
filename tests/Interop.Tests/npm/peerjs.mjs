// PeerJS itself, on Node: node peerjs.mjs HOST PORT PATH KEY ID [PEER]
// Calls PEER, or waits to be called. Prints what happens; ends after a message in both directions.
import WebSocket from 'ws';
import * as polyfill from 'node-datachannel/polyfill';
import { endIfLost, endInTime, say, watchDtls } from './say.mjs';

const [host, port, path, key, id, callee] = process.argv.slice(2);

// Its channels may be open before anybody could listen for it, and say nothing then.
class RTCPeerConnection extends polyfill.RTCPeerConnection {
  constructor(configuration) {
    super(configuration);
    const watch = watchDtls();
    this.addEventListener('iceconnectionstatechange', () => watch(this.iceConnectionState));
    this.addEventListener('connectionstatechange', () => watch(this.connectionState));
    this.addEventListener('datachannel', ({ channel }) => channel.readyState === 'open' && setImmediate(() => channel.dispatchEvent(new Event('open'))));
  }

  // PeerJS tells of no more than that there was an error.
  async addIceCandidate(candidate) {
    try {
      await super.addIceCandidate(candidate);
    } catch (error) {
      endIfLost(error);
      throw error;
    }
  }
}

Object.assign(globalThis, {
  WebSocket,
  RTCPeerConnection,
  RTCSessionDescription: polyfill.RTCSessionDescription,
  RTCIceCandidate: polyfill.RTCIceCandidate,
  RTCDataChannel: polyfill.RTCDataChannel,
});
globalThis.window ??= globalThis;
globalThis.location ??= { protocol: 'http:', hostname: host };
const { Peer } = (await import('peerjs')).default;
endInTime();
const heard = { message: false, echo: false };
const peer = new Peer(id, { host, port: Number(port), path, key, secure: false, debug: 0, config: { iceServers: [] } });

function open(connection) {
  connection.on('iceStateChanged', (state) => say('ice', { peer: connection.peer, state }));
  connection.on('data', (text) => {
    say('message', { peer: connection.peer, text });
    if (text.startsWith('Hello from')) {
      heard.message = true;
      connection.send(`Echo by ${id}`);
    } else {
      heard.echo = true;
    }

    if (heard.message && heard.echo) {
      setTimeout(() => process.exit(0), 300);
    }
  });
  connection.on('open', () => {
    say('open', { peer: connection.peer, label: connection.label });
    connection.send(`Hello from ${id}`);
  });
}

peer.on('open', (own) => {
  say('connected', { id: own });
  if (callee) {
    open(peer.connect(callee, { serialization: 'json', reliable: true }));
  }
});
peer.socket.on('message', (message) => message.src && say('received', { from: message.src, type: message.type.toLowerCase() }));
peer.on('connection', open);
peer.on('error', (error) => {
  say('error', { type: error.type, message: error.message });
  process.exit(4);
});
