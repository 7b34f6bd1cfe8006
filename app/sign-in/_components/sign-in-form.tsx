"use client";

import { useActionState } from "react";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { signInAction } from "../actions";

export function SignInForm({ next }: { next: "checkout" | undefined }) {
  const [result, submit, pending] = useActionState(signInAction, null);
  const failure = result?.ok === false ? result : undefined;
  return (
    <form action={submit} noValidate className="space-y-4">
      {next && <input type="hidden" name="next" value={next} />}
      <Field
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        required
        defaultValue={failure?.values.email}
        error={failure?.fieldErrors.email}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        error={failure?.fieldErrors.password}
      />
      {failure && Object.keys(failure.fieldErrors).length === 0 && <Notice tone="stopped">{failure.message}</Notice>}
      <button type="submit" disabled={pending} className="button button-primary w-full">
        {pending ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}
