// Two pages of the lecture's exercise, each with its own socket: node lecture.mjs URL
// The first calls the second. Prints what happens; ends when the data channel has carried a message and both have read the chat.
import nodeDataChannel from 'node-datachannel';
import WebSocket from 'ws';
import { endInTime, say, watchDtls } from './say.mjs';

const [url] = process.argv.slice(2);
const awaited = new Set(['chat a', 'chat b', 'message']);
endInTime();

function heard(what) {
  awaited.delete(what);
  if (awaited.size === 0) {
    setTimeout(() => process.exit(0), 300);
  }
}

function page(name) {
  const socket = new WebSocket(url);
  const send = (message) => socket.send(JSON.stringify(message));
  const connection = new nodeDataChannel.PeerConnection(name, { iceServers: [] });
  const watch = watchDtls();
  connection.onIceStateChange(watch);
  connection.onStateChange((state) => {
    say('state', { name, state });
    watch(state);
  });
  connection.onLocalDescription((sdp, type) => send({ messageType: `webRTC-${type}`, [type]: { type, sdp } }));
  connection.onLocalCandidate((candidate, mid) => send({
    messageType: 'webRTC-candidate',
    candidate: { candidate: candidate.replace(/^a=/, ''), sdpMid: mid, sdpMLineIndex: 0 },
  }));
  connection.onGatheringStateChange((state) => state === 'complete' && send({ messageType: 'webRTC-candidate', candidate: null }));
  connection.onDataChannel((channel) => channel.onMessage((text) => {
    say('message', { name, text });
    heard('message');
  }));
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    say('received', { name, type: message.messageType });
    switch (message.messageType) {
      case 'webRTC-offer':
      case 'webRTC-answer': {
        const description = message.offer ?? message.answer;
        connection.setRemoteDescription(description.sdp, description.type);
        break;
      }
      case 'webRTC-candidate':
        if (message.candidate?.candidate) {
          connection.addRemoteCandidate(message.candidate.candidate, message.candidate.sdpMid);
        } else {
          say('end', { name });
        }

        break;
      case 'chatMessage':
        say('chat', { name, username: message.username, comment: message.comment });
        heard(`chat ${name}`);
        break;
      default:
        throw new Error(`what is a ${message.messageType}?`);
    }
  });
  socket.on('error', (error) => {
    say('error', { message: error.message });
    process.exit(4);
  });
  return { socket, connection, send };
}

const opened = (one) => new Promise((resolve) => one.socket.once('open', resolve));
const a = page('a');
const b = page('b');
await Promise.all([opened(a), opened(b)]);
say('connected');
const channel = a.connection.createDataChannel('lecture');
channel.onOpen(() => channel.sendMessage('hello'));
a.send({ messageType: 'chatMessage', comment: 'hi' });
