import type { NextConfig } from "next";

const config: NextConfig = {
  // Two worlds on one machine (a demo and the tests) must not build over each other.
  distDir: process.env.NEXT_DIST_DIR || ".next",
  // A build checks what it ships; `npm run check` checks everything.
  typescript: { tsconfigPath: "tsconfig.build.json" },
  poweredByHeader: false,
  // Browsers ask for it by this name before a streamed page has told them of icon.svg.
  redirects: async () => [{ source: "/favicon.ico", destination: "/icon.svg", permanent: true }],
  reactStrictMode: true,
  serverExternalPackages: ["pdfkit", "pg"],
};

export default config;
