// The control side of the sandbox; a refusal becomes an Error with its sentence.

async function ask(path, verb = "GET", body = undefined) {
  const answer = await fetch(`/control/${path}`, {
    method: verb,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error ?? answer.statusText);
  return told;
}

export const api = {
  shops: () => ask("shops"),
  orders: (platform) => ask(`orders?platform=${platform}&limit=100`),
  order: (id) => ask(`orders/${id}`),
  create: (facts) => ask("orders", "POST", facts),
  act: (id, name, facts = {}) => ask(`orders/${id}/${name}`, "POST", facts),
  bind: (facts) => ask("bindings", "POST", facts),
  expire: (platform) => ask("tokens/expire", "POST", { platform }),
  revoke: (shop) => ask("tokens/revoke", "POST", { shop }),
  settings: () => ask("settings"),
  change: (facts) => ask("settings", "POST", facts),
  advance: (seconds) => ask("clock", "POST", { advance: seconds }),
  faults: () => ask("faults"),
  addFault: (fault) => ask("faults", "POST", { faults: [fault] }),
  clearFaults: () => ask("faults", "DELETE"),
  calls: (after) => ask(`calls?after=${after}`),
  clearCalls: () => ask("calls/clear", "POST"),
  pushes: () => ask("pushes"),
  send: (facts) => ask("pushes/send", "POST", facts),
};
