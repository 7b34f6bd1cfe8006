import { DomainError } from "@/lib/errors";

export class ReportNotFoundError extends DomainError {
  constructor(reportId: string) {
    super({
      code: "report-not-found",
      kind: "not-found",
      publicMessage: "There is no such report.",
      message: `No report ${reportId}.`,
    });
  }
}

/** The report is there, but its PDF is still being made. */
export class ReportNotReadyError extends DomainError {
  constructor(reportId: string) {
    super({
      code: "report-not-ready",
      kind: "conflict",
      publicMessage: "The PDF of this report is still being made. Try again in a minute.",
      message: `Report ${reportId} has no PDF yet.`,
    });
  }
}

/** The time a report was asked for is none, or far from any day of trade. */
export class ReportTimeInvalidError extends DomainError {
  constructor(given: unknown) {
    super({
      code: "report-time-invalid",
      kind: "invalid",
      publicMessage: 'The time of a report is written as in {"timestamp":"2026-11-24T09:00:00Z"}, from 2000 to 2099.',
      message: `Not a time to make a report at: ${JSON.stringify(given)?.slice(0, 100)}. It is written as in {"timestamp":"2026-11-24T09:00:00Z"}, from 2000 to 2099.`,
    });
  }
}
