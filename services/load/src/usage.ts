/** The command line makes no sense; `message` says what does. */
export class LoadUsageError extends Error {
  override readonly name = 'LoadUsageError';
}

/** What `weir load --help` prints. */
export const usage = `weir load: many listeners on one URL, and what became of them

  weir load [options] URL          http:// or https://

      --listeners N        how many (default 100)
      --ramp TIME          spread their start over this long (default: a second for each 1000)
      --duration TIME      how long to listen once all are started (default 30s)
      --expect-bytes SIZE  a listener is served once it got this much (default: anything);
                           an answer may then end well before the time is over
      --rate SIZE          each reads no faster than this per second
      --slow SHARE         this share of them, 0 to 1, reads at half the speed of the others
      --stalled SHARE      this share reads the head of its answer and then nothing any more
      --churn PER_SECOND   besides, so many connect and vanish every second
      --check N            look into what so many of them get, and count gaps (default 100)
      --from ADDRESS       connect from this address of this machine, repeatable
      --allow-remote       more than 100 listeners, or a churn above 10, for another machine
      --insecure           https:// with any certificate, such as one for another name than the URL's
      --json               the result as one JSON object on standard output
  -h, --help               this text

A TIME is a number of seconds or such as 500ms, 20s, 2m; a SIZE is a number of bytes or such as 16kB, 1MB, 64KiB.
Exit code: 0 all were served, stayed, and saw no gap; 1 not so; 64 the command line makes no sense.
`;
