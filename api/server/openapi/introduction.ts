/** What stands above the operations; Markdown, as OpenAPI has it. */
export const introduction = `
**图斑**按月比对同一地方的卫星影像，找出新建、开挖、推平的地块，与耕地、生态红线叠加，并管理"月发现、月预警、月处置"的队列。

- **身份**：系统用访问密钥（请求头 \`Authorization: Bearer 密钥\`）；人用控制台登录后的会话。每个答复只含本人行政区内的数据。
- **筛选**：列表、地图、统计、导出用同一组参数，数字处处一致。
- **出错**：一律 \`application/problem+json\`（RFC 9457），一句话说清：哪个字段、要什么、收到什么。
- **并发**：读到的 \`ETag\` 用 \`If-Match\` 送回，别人改过即答 412；写操作带 \`Idempotency-Key\`，重发只办一次。
- **时间**：一律 UTC；日、月按北京时间（Asia/Shanghai）。**面积**：椭球面积，平方米与亩（1 m² = 0.0015 亩）。
- **离线**：本页及接口不访问本服务器以外的任何地址。

---

Tuban compares satellite images of the same ground month by month and keeps the queue of find → warn → resolve.
Systems send an access key as \`Authorization: Bearer KEY\`, people have a session; every answer is limited to the
caller's districts. One filter serves list, map, counts, statistics and export. Refusals are problem+json with one line.
Times are UTC, days and months Asia/Shanghai, areas on the ellipsoid. GIS programs read \`/openapi-3.0.json\`.
`.trim();
