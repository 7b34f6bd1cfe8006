"use client";

import { useActionState } from "react";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { registerAction } from "../actions";

export function RegisterForm({ next }: { next: "checkout" | undefined }) {
  const [result, submit, pending] = useActionState(registerAction, null);
  const failure = result?.ok === false ? result : undefined;
  return (
    <form action={submit} noValidate className="space-y-4">
      {next && <input type="hidden" name="next" value={next} />}
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        required
        defaultValue={failure?.values.name}
        error={failure?.fieldErrors.name}
      />
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
        autoComplete="new-password"
        required
        hint="At least 8 characters."
        error={failure?.fieldErrors.password}
      />
      {failure && Object.keys(failure.fieldErrors).length === 0 && <Notice tone="stopped">{failure.message}</Notice>}
      <button type="submit" disabled={pending} className="button button-primary w-full">
        {pending ? "Making your account…" : "Make an account"}
      </button>
    </form>
  );
}
