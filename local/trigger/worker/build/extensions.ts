import type { BuildContext, BuildExtension, RegisterPluginOptions } from "@trigger.dev/core/v3/build";
import type { Plugin } from "esbuild";
import type { Project } from "./load-config";

type Registered = { plugin: Plugin; options: RegisterPluginOptions | undefined };

/**
 * Lets the project's build extensions take part as they do under `trigger dev`: their esbuild plugins are used, their
 * files copied. What they add for deployments has no meaning here.
 */
export async function startExtensions({ config, projectDir, dirs }: Project, say: (line: string) => void) {
  const registered: Registered[] = [];
  const extensions: BuildExtension[] = config.build?.extensions ?? [];
  const context = {
    target: "dev",
    config: { ...config, workingDir: projectDir, dirs, build: config.build ?? {} },
    workingDir: projectDir,
    logger: {
      debug: () => undefined,
      log: (...words: unknown[]) => say(words.join(" ")),
      warn: (...words: unknown[]) => say(words.join(" ")),
      progress: say,
      spinner: () => ({ stop: say, message: say }),
    },
    addLayer: () => undefined,
    registerPlugin: (plugin: Plugin, options?: RegisterPluginOptions) => {
      if (!options?.target || options.target === "dev") registered.push({ plugin, options });
    },
    resolvePath: async (path: string) => path,
    // Extensions read a configuration with every default filled in; those that do so in development need only these.
  } as unknown as BuildContext;
  for (const extension of extensions) await extension.onBuildStart?.(context);
  return {
    plugins: (["first", undefined, "last"] as const).flatMap((placement) =>
      registered.filter(({ options }) => options?.placement === placement).map(({ plugin }) => plugin),
    ),
    finish: async (outputPath: string) => {
      const manifest = { target: "dev", outputPath, build: {}, deploy: {}, externals: [] } as unknown as Parameters<
        NonNullable<BuildExtension["onBuildComplete"]>
      >[1];
      for (const extension of extensions) {
        await Promise.resolve(extension.onBuildComplete?.(context, manifest)).catch((error: unknown) =>
          say(
            `The build extension "${extension.name}" failed: ${error instanceof Error ? error.message : String(error)}`,
          ),
        );
      }
    },
  };
}
