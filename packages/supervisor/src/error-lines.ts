const linesMax = 50;
const lineBytesMax = 2048;
const linesPerSecondMax = 100;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts a child's standard error into lines; keeps the last 50, of at most 2 KiB each, and passes up to 100 a second on.
 *
 * A carriage return starts the line over, as on a terminal: of the progress a program keeps rewriting, the last state
 * counts. Blank lines are dropped. Of a flood, only the last lines of each chunk are ever looked at.
 */
export class ErrorLines {
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #tail: string[] = [];
  readonly #line: Buffer = Buffer.allocUnsafe(lineBytesMax);
  #lineBytes = 0;
  #lineCut = false;
  #overwrite = false;
  #secondStartMillis = -Infinity;
  #linesThisSecond = 0;
  #leftOutBytes = 0;

  /** @param onLine gets each line, and instead of those beyond 100 a second one that counts their bytes. */
  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** @param nowMillis monotonic. */
  push(chunk: Buffer, nowMillis: number): void {
    let start = this.#skipFlood(chunk);
    for (;;) {
      const end = chunk.indexOf(lineFeed, start);
      if (end === -1) break;
      this.#append(chunk.subarray(start, end));
      this.#endLine(nowMillis);
      start = end + 1;
    }
    this.#append(chunk.subarray(start));
  }

  /** The child writes no more: an unfinished line counts as a line. */
  end(nowMillis: number): void {
    this.#endLine(nowMillis);
    this.#reportLeftOut();
  }

  /** The last lines, oldest first, with the one being written. */
  tail(): string[] {
    return this.#lineBytes === 0 ? [...this.#tail] : [...this.#tail, this.#lineText()].slice(-linesMax);
  }

  /** Where the part of the chunk begins that has no more lines than may be passed on in a second. */
  #skipFlood(chunk: Buffer): number {
    let cut = chunk.length;
    for (let lines = 0; lines <= linesPerSecondMax; lines++) {
      if (cut === 0) return 0;
      cut = chunk.lastIndexOf(lineFeed, cut - 1);
      if (cut === -1) return 0;
    }
    this.#leftOutBytes += this.#lineBytes + cut + 1;
    this.#clearLine();
    return cut + 1;
  }

  #append(piece: Buffer): void {
    let end = piece.length;
    while (end > 0 && piece[end - 1] === carriageReturn) end--;
    if (end > 0) {
      const start = piece.lastIndexOf(carriageReturn, end - 1) + 1;
      if (this.#overwrite || start > 0) this.#clearLine();
      const copied = piece.copy(this.#line, this.#lineBytes, start, end);
      this.#lineBytes += copied;
      this.#lineCut ||= copied < end - start;
    }
    if (end < piece.length) this.#overwrite = true;
  }

  #clearLine(): void {
    this.#lineBytes = 0;
    this.#lineCut = false;
    this.#overwrite = false;
  }

  #lineText(): string {
    return this.#line.toString('utf8', 0, this.#lineBytes) + (this.#lineCut ? '…' : '');
  }

  #endLine(nowMillis: number): void {
    if (this.#lineBytes > 0) {
      const text = this.#lineText();
      this.#tail.push(text);
      if (this.#tail.length > linesMax) this.#tail.shift();
      this.#passOn(text, nowMillis);
    }
    this.#clearLine();
  }

  #passOn(text: string, nowMillis: number): void {
    if (nowMillis - this.#secondStartMillis >= 1000) {
      this.#secondStartMillis = nowMillis;
      this.#linesThisSecond = 0;
      this.#reportLeftOut();
    }
    if (this.#linesThisSecond >= linesPerSecondMax) {
      this.#leftOutBytes += this.#lineBytes;
      return;
    }
    this.#linesThisSecond++;
    this.#onLine?.(text);
  }

  #reportLeftOut(): void {
    if (this.#leftOutBytes > 0) this.#onLine?.(`[${this.#leftOutBytes} bytes left out]`);
    this.#leftOutBytes = 0;
  }
}
