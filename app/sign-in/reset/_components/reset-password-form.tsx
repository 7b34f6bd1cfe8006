"use client";

import Link from "next/link";
import { useActionState } from "react";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { routes } from "@/lib/routes";
import { resetPasswordAction } from "../actions";

export function ResetPasswordForm({ token, email }: { token: string; email: string }) {
  const [result, submit, pending] = useActionState(resetPasswordAction, null);
  const failure = result?.ok === false ? result : undefined;
  return (
    <form action={submit} noValidate className="space-y-4">
      <input type="hidden" name="token" value={token} />
      {/* Tells password managers whose password this is. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <Field
        label="New password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        hint="At least 8 characters."
        error={failure?.fieldErrors.password}
      />
      {failure && Object.keys(failure.fieldErrors).length === 0 && (
        <Notice tone="stopped">
          {failure.message}{" "}
          {failure.code === "reset-link" && (
            <Link href={routes.forgotPassword()} className="link">
              Ask for a new link
            </Link>
          )}
        </Notice>
      )}
      <button type="submit" disabled={pending} className="button button-primary w-full">
        {pending ? "Setting the password…" : "Set the password"}
      </button>
    </form>
  );
}
