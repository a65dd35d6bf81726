/** `idler PORT CONNECTIONS`: opens so many connections to 127.0.0.1 and says nothing on them; prints how many are `open` and how many `were`, until its stdin ends. */
import { connect } from 'node:net';

const [port = '0', connections = '0'] = process.argv.slice(2);
/** As many as are on their way at the same time: fewer than a listening socket keeps waiting. */
const connectingMax = 500;
let left = Number(connections);
let connecting = 0;
let open = 0;
let were = 0;

function more(): void {
  while (left > 0 && connecting < connectingMax) {
    left--;
    connecting++;
    let isOpen = false;
    const socket = connect(Number(port), '127.0.0.1', () => {
      isOpen = true;
      open++;
      were++;
      connecting--;
      more();
    });
    socket.on('error', () => {}).resume();
    socket.once('close', () => {
      if (isOpen) open--;
      else connecting--;
      more();
    });
  }
}

more();
setInterval(() => process.stdout.write(`open ${open} were ${were}\n`), 200);
process.stdin.once('end', () => process.exit(0)).resume();
