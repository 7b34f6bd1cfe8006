import { createHash } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { S3Error } from "./errors";
import { hmac, sameText, sha256Hex, type Verified } from "./signature";

const lineMax = 4096;
const newline = Buffer.from("\r\n");

/**
 * Takes the `aws-chunked` framing off a body. With `signing`, the signature of every chunk (and of the
 * trailer) is checked as it passes; a wrong one fails the stream with SignatureDoesNotMatch.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class AwsChunkedDecoder extends Transform {
  /** Trailing headers by lower-case name, complete once the stream has ended. */
  readonly trailers = new Map<string, string>();
  #pending: Buffer = Buffer.alloc(0);
  #state: "size" | "data" | "after-data" | "trailer" | "done" = "size";
  #left = 0;
  #claimed = "";
  #chunkHash = createHash("sha256");
  #trailerText = "";
  readonly #signing: Verified | undefined;
  readonly #withTrailer: boolean;
  #previous: string;

  constructor(signing: Verified | undefined, withTrailer: boolean) {
    super();
    this.#signing = signing;
    this.#withTrailer = withTrailer;
    this.#previous = signing?.signature ?? "";
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    try {
      while (this.#step());
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    const whole = this.#state === "done" && this.#pending.length === 0;
    done(
      whole ? null : new S3Error("IncompleteBody", "The request body ended in the middle of its aws-chunked framing."),
    );
  }

  /** Consumes one piece of what has arrived; false when more bytes are needed. */
  #step(): boolean {
    switch (this.#state) {
      case "size":
        return this.#line((line) => this.#readSize(line));
      case "data":
        return this.#readData();
      case "after-data":
        return this.#line((line) => {
          if (line !== "") throw malformed();
          this.#state = "size";
        });
      case "trailer":
        return this.#line((line) => this.#readTrailer(line));
      case "done":
        if (this.#pending.length > 0) throw malformed();
        return false;
    }
  }

  #line(use: (line: string) => void): boolean {
    const end = this.#pending.indexOf(newline);
    if (end > lineMax || (end < 0 && this.#pending.length > lineMax)) throw malformed();
    if (end < 0) return false;
    const line = this.#pending.toString("latin1", 0, end);
    this.#pending = this.#pending.subarray(end + 2);
    use(line);
    return true;
  }

  #readSize(line: string) {
    const match = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
    if (!match?.[1] || (this.#signing !== undefined) !== (match[2] !== undefined)) throw malformed();
    this.#left = Number.parseInt(match[1], 16);
    this.#claimed = match[2] ?? "";
    if (this.#left > 0) {
      this.#state = "data";
      return;
    }
    this.#checkChunk();
    this.#state = "trailer";
  }

  #readData(): boolean {
    if (this.#pending.length === 0) return false;
    const data = this.#pending.subarray(0, this.#left);
    this.#pending = this.#pending.subarray(data.length);
    this.#left -= data.length;
    if (this.#signing) this.#chunkHash.update(data);
    this.push(data);
    if (this.#left === 0) {
      this.#checkChunk();
      this.#state = "after-data";
    }
    return true;
  }

  #readTrailer(line: string) {
    if (line === "") {
      if (this.#signing && this.#withTrailer && this.#trailerText !== "") throw new S3Error("SignatureDoesNotMatch");
      this.#state = "done";
      return;
    }
    const colon = line.indexOf(":");
    if (colon < 1 || !this.#withTrailer) throw malformed();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "x-amz-trailer-signature") this.#checkTrailer(value);
    else {
      this.trailers.set(name, value);
      this.#trailerText += `${name}:${value}\n`;
    }
  }

  #checkChunk() {
    if (!this.#signing) return;
    const hash = this.#chunkHash.digest("hex");
    this.#chunkHash = createHash("sha256");
    this.#checkSignature("AWS4-HMAC-SHA256-PAYLOAD", `${sha256Hex("")}\n${hash}`, this.#claimed);
  }

  #checkTrailer(claimed: string) {
    if (!this.#signing) return;
    this.#checkSignature("AWS4-HMAC-SHA256-TRAILER", sha256Hex(this.#trailerText), claimed);
    this.#trailerText = "";
  }

  #checkSignature(kind: string, content: string, claimed: string) {
    if (!this.#signing) return;
    const { timestamp, scope, signingKey } = this.#signing;
    const expected = hmac(signingKey, [kind, timestamp, scope, this.#previous, content].join("\n")).toString("hex");
    if (!sameText(expected, claimed)) throw new S3Error("SignatureDoesNotMatch");
    this.#previous = expected;
  }
}

function malformed() {
  return new S3Error("InvalidRequest", "The aws-chunked framing of the request body is malformed.");
}
