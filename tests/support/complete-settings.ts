/** Every setting that has no default, in a form that passes. No key is real. */
export const completeSettings = {
  DATABASE_URL: "postgres://u:p@127.0.0.1:5432/shop",
  STORE_URL: "http://localhost:3000/",
  BETTER_AUTH_SECRET: "x".repeat(32),
  STRIPE_SECRET_KEY: "sk_test_1",
  STRIPE_WEBHOOK_SECRET: "whsec_1",
  RESEND_API_KEY: "re_1",
  MAIL_FROM: "Shop <a@b.example>",
  S3_BUCKET: "shop",
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "id",
  AWS_SECRET_ACCESS_KEY: "secret",
  CARRIER_URL: "http://127.0.0.1:3044",
  CARRIER_API_KEY: "carrier_1",
  TRIGGER_SECRET_KEY: "tr_dev_1",
  TRIGGER_PROJECT_REF: "proj_1",
};
