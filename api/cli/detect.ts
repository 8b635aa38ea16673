import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { changeTypes } from '../../detectors/change-type.ts';
import { detectorVersion, indexMethods, methods, type Smoothing, smoothings } from '../../detectors/model.ts';
import { type ThresholdRule, thresholdRule } from '../../detectors/threshold.ts';
import { type SuppliedMaskKind, suppliedMaskKinds } from '../../imagery/masks/supplied-mask.ts';
import { shownAddress } from '../../imagery/remote/location.ts';
import type { BandRole, Scene } from '../../imagery/scene.ts';
import type { MethodChoice } from '../../services/detection/choose-method.ts';
import { type Detected, detectPair } from '../../services/detection/detect-pair.ts';
import { type MappingTheme, mappingThemes, mappingUnitsM2 } from '../../services/detection/mapping-unit.ts';
import { displayOutlineTexts, lonLatOutlineText } from '../../services/detection/outline-text.ts';
import { bandList, crsName, positiveNumber, workerCount } from './options.ts';
import { printJson, writeWhole } from './output.ts';
import { checkOutputFiles } from './output-file.ts';
import { ProgressBar } from './progress.ts';

interface DetectArguments {
  out?: string;
  display?: string;
  score?: string;
  method: MethodChoice;
  threshold?: ThresholdRule;
  smoothing?: Smoothing;
  bands?: BandRole[];
  sensor?: string;
  maskBefore?: string;
  maskAfter?: string;
  maskKind?: SuppliedMaskKind;
  minArea?: number;
  theme?: MappingTheme;
  crs?: string;
  workers: number;
  json?: boolean;
}

/** 1 m² = 0.0015 亩 exactly. */
const muPerM2 = 0.0015;

export function detectCommand(): Command {
  return new Command('detect')
    .description('compare two images of the same ground and write what changed; needs no workspace')
    .argument('<before>', 'earlier image: GeoTIFF, ENVI, PNG, JPEG, WebP or BMP')
    .argument('<after>', 'later image of the same ground')
    .option('--out <file>', 'change patches as GeoJSON (lon/lat), along the edges of pixels: the record')
    .option('--display <file>', 'the same for drawing: outlines smoothed by up to 1 pixel, areas as in the record')
    .option(
      '--score <file>',
      "change score as GeoTIFF on the before image's grid; larger = more change, NaN = unobserved",
    )
    .addOption(
      new Option('--method <name>', 'change score').choices(['auto', ...methods, ...indexMethods]).default('auto'),
    )
    .option('--threshold <rule>', 'auto, ki, 2means, otsu, fixed:SCORE or fdr:RATE (default: auto)', ruleName)
    .addOption(
      new Option('--smoothing <kind>', "smooth before scoring (default: the method's own)").choices(smoothings),
    )
    .option('--bands <roles>', 'what each band shows, such as B,G,R,N', bandList)
    .option('--sensor <name>', 'what took both images, such as GF-2 (`tuban scenes sensors` lists those known)')
    .option('--mask-before <file>', 'mask of the earlier image: what it hides is unobserved; clouds are not looked for')
    .option('--mask-after <file>', 'mask of the later image')
    .addOption(
      new Option('--mask-kind <kind>', 'what the masks are read as (default: by name, else 0 = clear)').choices(
        suppliedMaskKinds,
      ),
    )
    .option('--min-area <m2>', 'smallest patch in m² (default: 200 m² and at least 9 pixels)', positiveNumber)
    .addOption(
      new Option('--theme <name>', 'smallest patch of a theme: construction 200 m², farmland 400, other 600')
        .choices(mappingThemes)
        .conflicts('minArea'),
    )
    .option('--crs <epsg>', 'CRS of images that name none, such as EPSG:4547', crsName)
    .option('--workers <n>', 'worker threads', workerCount, availableParallelism())
    .option('--home <dir>', 'taken for uniformity: detect needs no workspace')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', '\nExample:\n  tuban detect june.tif july.tif --bands B,G,R,N --out patches.geojson')
    .action(detect);
}

function ruleName(text: string): ThresholdRule {
  const rule = thresholdRule(text);
  if (rule !== null) return rule;
  throw new InvalidArgumentError(`Wanted auto, ki, 2means, otsu, fixed:SCORE or fdr:RATE (0 to 1), got '${text}'.`);
}

function masksOf({ maskBefore, maskAfter, maskKind }: DetectArguments) {
  const wish = (path: string) => ({ path, ...(maskKind && { kind: maskKind }) });
  return { ...(maskBefore && { before: wish(maskBefore) }), ...(maskAfter && { after: wish(maskAfter) }) };
}

async function detect(beforePath: string, afterPath: string, options: DetectArguments): Promise<void> {
  const { out, display, score } = options;
  const outputs = [
    ...(out === undefined ? [] : [{ option: '--out', path: out }]),
    ...(display === undefined ? [] : [{ option: '--display', path: display }]),
    ...(score === undefined ? [] : [{ option: '--score', path: score }]),
  ];
  await checkOutputFiles(outputs, [beforePath, afterPath]);
  const bar = new ProgressBar();
  const found = await detectPair(beforePath, afterPath, {
    method: options.method,
    workers: options.workers,
    ...(options.threshold && { threshold: options.threshold }),
    ...(options.smoothing && { smoothing: options.smoothing }),
    ...(options.sensor && { sensor: options.sensor }),
    masks: masksOf(options),
    ...(options.bands && { bands: options.bands }),
    ...(options.crs && { crs: options.crs }),
    ...(options.theme && { minAreaM2: mappingUnitsM2[options.theme] }),
    ...(options.minArea && { minAreaM2: options.minArea }),
    ...(score && { scorePath: score }),
    needsPlace: out !== undefined || display !== undefined,
    onProgress: (stage, done, total) => bar.draw(stage, done, total),
  }).finally(() => bar.clear());
  const began = performance.now();
  const outlines = found.patches.map(({ region }) => region.runs);
  if (out)
    await writeWhole(
      out,
      featureCollection(found, (i) => lonLatOutlineText(outlines[i], found.grid)),
    );
  if (display) {
    const drawn = displayOutlineTexts(outlines, found.grid);
    await writeWhole(
      display,
      featureCollection(found, (i) => drawn[i]),
    );
  }
  const report = summary(found, (performance.now() - began) / 1000);
  if (options.json) printJson(report);
  else printSummary(found, options);
}

function* featureCollection(found: Detected, geometryText: (patch: number) => string): Generator<string> {
  const common = {
    before: sceneEvidence(found.before),
    after: sceneEvidence(found.after),
    method: found.model.change?.method,
    detectorVersion,
  };
  yield `{"type":"FeatureCollection","tuban":${JSON.stringify(common)},"features":[`;
  for (const [i, patch] of found.patches.entries()) {
    const areaM2 = patch.areaM2 ?? 0;
    const properties = {
      areaM2: Math.round(areaM2 * 100) / 100,
      areaMu: Math.round(areaM2 * muPerM2 * 10000) / 10000,
      score: Math.round(patch.score * 1000) / 1000,
      type: patch.typed.type,
      tblx: changeTypes[patch.typed.type].tblx,
      typeConfidence: Math.round(patch.typed.confidence * 100) / 100,
      typeFeatures: patch.typed.features,
      pixels: patch.region.pixels,
      beforeScene: found.before.id,
      afterScene: found.after.id,
      beforeSha256: found.before.sha256,
      afterSha256: found.after.sha256,
      detectorVersion,
    };
    const text = `{"type":"Feature","id":${i + 1},"geometry":${geometryText(i)},"properties":${JSON.stringify(properties)}}`;
    yield `${i === 0 ? '\n' : ',\n'}${text}`;
  }
  yield '\n]}\n';
}

function sceneEvidence(scene: Scene) {
  const { id, sha256, path, bands, mask } = scene;
  const hiddenBy = mask && { file: basename(shownAddress(mask.path)), kind: mask.kind, sha256: mask.sha256 };
  return { id, sha256, file: basename(shownAddress(path)), bands, ...(hiddenBy && { mask: hiddenBy }) };
}

function summary(found: Detected, writeSeconds: number) {
  const { change, shift } = found.model;
  return {
    method: change?.method ?? null,
    why: found.model.why ?? null,
    smoothing: change?.smoothing ?? null,
    detectorVersion,
    before: sceneEvidence(found.before),
    after: sceneEvidence(found.after),
    grid: {
      ...found.grid,
      why: "The before image's own: its pixels are compared as they are, the after image is laid on them.",
    },
    observedFraction: found.observedFraction,
    cloudFraction: found.cloudFraction,
    shiftPx: shift && { dx: shift.dx, dy: shift.dy, residual: shift.residualPx, ties: shift.usedCount },
    normalisation: change?.ties.map((tie, i) => ({ band: found.roles[i], ...tie })) ?? null,
    // Where nothing varies there is no threshold at all.
    threshold: change === null || change.threshold.chosen === 'none' ? null : change.threshold.value,
    thresholdRule: change?.threshold.chosen ?? null,
    changedShareOfSample: change?.threshold.changedShare ?? null,
    minAreaM2: found.minAreaM2,
    patchCount: found.patches.length,
    changedAreaM2: found.patches.reduce((sum, patch) => sum + (patch.areaM2 ?? 0), 0),
    seconds: { ...found.seconds, write: writeSeconds },
    warnings: found.warnings,
  };
}

function printSummary(found: Detected, options: DetectArguments): void {
  const areaM2 = found.patches.reduce((sum, patch) => sum + (patch.areaM2 ?? 0), 0);
  const area = found.grid.crs === null ? '' : `, ${areaM2.toFixed(0)} m² (${(areaM2 * muPerM2).toFixed(2)} 亩)`;
  const shift = found.model.shift;
  const { change, why } = found.model;
  const lines = [
    `${found.patches.length} patches${area}`,
    change && why ? `method ${change.method}: ${why}` : '',
    `observed ${(100 * found.observedFraction).toFixed(1)} % of the area, ${(100 * found.cloudFraction).toFixed(1)} % under cloud or shadow`,
    shift
      ? `shift ${shift.dx.toFixed(2)}, ${shift.dy.toFixed(2)} px corrected, residual ${shift.residualPx.toFixed(2)} px`
      : '',
    options.out ? `patches: ${options.out}` : '',
    options.display ? `display: ${options.display}` : '',
    options.score ? `score:   ${options.score}` : '',
    ...found.warnings.map((warning) => `warning: ${warning}`),
  ];
  process.stdout.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
}
