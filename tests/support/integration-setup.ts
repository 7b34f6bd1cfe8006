import { testDatabase } from "./database";

// Nothing answers on port 1: code that reaches for a vendor which its test has not started fails at once.
const nobody = "http://127.0.0.1:1";

/** A whole environment in which no key is real, whatever the environment of the person running the tests holds. */
const environment = {
  // Each test file has a database of its own. It is not dropped at the end of the file, where the code under test may
  // still hold connections: the run's server is deleted as a whole.
  DATABASE_URL: (await testDatabase()).url,
  STORE_URL: "http://localhost:3000",
  BETTER_AUTH_SECRET: "only-for-tests-only-for-tests-only",
  STRIPE_SECRET_KEY: "sk_test_local_tests",
  STRIPE_WEBHOOK_SECRET: "whsec_local_tests",
  STRIPE_API_URL: nobody,
  RESEND_API_KEY: "re_local_tests",
  RESEND_BASE_URL: nobody,
  MAIL_FROM: "Shopfloor <orders@shopfloor.example>",
  S3_BUCKET: "shopfloor",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "LOCALTESTS",
  AWS_SECRET_ACCESS_KEY: "local-tests",
  AWS_ENDPOINT_URL_S3: nobody,
  CARRIER_URL: nobody,
  CARRIER_API_KEY: "carrier_local_tests",
  TRIGGER_SECRET_KEY: "tr_dev_localtests",
  TRIGGER_PROJECT_REF: "proj_local",
  TRIGGER_API_URL: nobody,
};

Object.assign(process.env, environment);
