import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ReportData } from "../../reports/documents/report-data.ts";
import { EnvironmentError } from "../cli/exit-codes.ts";
import { interruption, listen, unlisten } from "../cli/interruption.ts";
import { liveStudy } from "./live-study.ts";
import type { Streams } from "../cli/streams.ts";

/** Tells a reader of the page that there is more to see; the page itself stays as the reader left it. */
const notice = `<script>
new EventSource("/events").onmessage = () => {
  if (document.getElementById("newer")) return;
  const link = Object.assign(document.createElement("a"), { id: "newer", href: "/", textContent: "There are newer results. Show them." });
  link.style.cssText = "position:fixed;bottom:1rem;right:1rem;padding:.5rem 1rem;background:#0072b2;color:#fff;font:1rem sans-serif";
  document.body.append(link);
};
</script>
`;

/**
 * Serves the page of a study that may be going on, on the loopback address alone, until a signal. The page is made when it is asked for.
 *
 * @param port 0 for any that is free. @param render makes the page.
 * @throws EnvironmentError when the port is taken.
 */
export async function serve(
  path: string,
  port: number,
  render: (data: ReportData) => Promise<string>,
  streams: Streams,
): Promise<void> {
  let latest: ReportData | null = null;
  const readers = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.url === "/events") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.flushHeaders();
      readers.add(response);
      response.on("close", () => readers.delete(response));
    } else if (request.url === "/") void page(response, latest, render);
    else response.writeHead(404, { "content-type": "text/plain" }).end("only / is here\n");
  });
  streams.err(`serving http://127.0.0.1:${await listening(server, port)}/ until it is interrupted\n`);
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  listen(stop);
  if (interruption.code !== null) stop();
  try {
    for await (const { data } of liveStudy(path, abort.signal)) {
      latest = data;
      for (const reader of readers) reader.write("data: newer\n\n");
    }
    if (!abort.signal.aborted) await once(abort.signal, "abort");
  } finally {
    unlisten(stop);
    server.closeAllConnections();
    server.close();
  }
}

async function page(
  response: ServerResponse,
  data: ReportData | null,
  render: (data: ReportData) => Promise<string>,
): Promise<void> {
  const html = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  if (data === null) {
    response
      .writeHead(200, html)
      .end(`<!doctype html><title>gupsim</title><p>No replication is done yet.</p>${notice}`);
    return;
  }
  try {
    const text = await render(data);
    response.writeHead(200, html).end(`${text}${data.complete ? "" : notice}`);
  } catch (error) {
    response.writeHead(500, { "content-type": "text/plain" }).end(`${error instanceof Error ? error.stack : error}\n`);
  }
}

async function listening(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EnvironmentError(`cannot serve on 127.0.0.1:${port}: ${reason}`, { cause });
  }
  return (server.address() as AddressInfo).port;
}
