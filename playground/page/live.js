// The line to the server's events. It heals itself, and says when something may have been missed.

const RETRY_MS = [500, 1000, 2000, 4000];

/**
 * Listen to everything after `after`. `onEvent(event)` for each; `onLost()` when the line breaks;
 * `onBack()` when it is up again, after which the listener should look at the whole state anew.
 */
export function listen(after, { onEvent, onLost, onBack }) {
  let last = after;
  let source = null;
  let lost = false;
  let tries = 0;

  function hear(event) {
    const data = JSON.parse(event.data);
    last = Math.max(last, data.seq ?? 0);
    onEvent(data);
  }

  function connect() {
    source = new EventSource(`/api/events?after=${last}`);
    source.onopen = () => {
      tries = 0;
      if (lost) onBack();
      lost = false;
    };
    source.onmessage = hear;
    source.onerror = () => {
      // The browser's own retry waits several seconds and gives up on an error page: ours does neither.
      source.close();
      if (!lost) onLost();
      lost = true;
      setTimeout(connect, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
    };
  }

  connect();
}
