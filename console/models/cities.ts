/** Where a city is, in degrees. */
export interface City {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** `code name latitude longitude`, of the cities of Google's regions and of others where networks often meet. */
const table = `
AKL Auckland -36.85 174.76|AMS Amsterdam 52.37 4.90|ARN Stockholm 59.33 18.07|ATH Athens 37.98 23.73|ATL Atlanta 33.75 -84.39
BCN Barcelona 41.39 2.17|BER Berlin 52.52 13.40|BKK Bangkok 13.76 100.50|BLR Bengaluru 12.97 77.59|BNA Nashville 36.16 -86.78
BOG Bogotá 4.71 -74.07|BOM Mumbai 19.08 72.88|BOS Boston 42.36 -71.06|BRU Brussels 50.85 4.35|BUD Budapest 47.50 19.04
CAI Cairo 30.04 31.24|CBF Council Bluffs 41.26 -95.86|CDG Paris 48.86 2.35|CGK Jakarta -6.21 106.85|CHS Charleston 32.78 -79.93
CLT Charlotte 35.23 -80.84|CMH Columbus 39.96 -83.00|CPH Copenhagen 55.68 12.57|CPT Cape Town -33.92 18.42|CRL Charleroi 50.41 4.44
DEL Delhi 28.61 77.21|DEN Denver 39.74 -104.99|DFW Dallas 32.78 -96.80|DLS The Dalles 45.59 -121.18|DMM Dammam 26.43 50.10
DOH Doha 25.29 51.53|DTW Detroit 42.33 -83.05|DUB Dublin 53.35 -6.26|DUS Düsseldorf 51.23 6.77|DXB Dubai 25.20 55.27
EWR Newark 40.74 -74.17|EZE Buenos Aires -34.60 -58.38|FRA Frankfurt 50.11 8.68|GRQ Groningen 53.22 6.57|GRU São Paulo -23.55 -46.63
HAM Hamburg 53.55 9.99|HEL Helsinki 60.17 24.94|HKG Hong Kong 22.32 114.17|HND Tokyo 35.68 139.69|IAD Ashburn 39.04 -77.49
IAH Houston 29.76 -95.37|ICN Seoul 37.57 126.98|IST Istanbul 41.01 28.98|JFK New York 40.71 -74.01|JNB Johannesburg -26.20 28.05
KIX Osaka 34.69 135.50|KUL Kuala Lumpur 3.14 101.69|LAS Las Vegas 36.17 -115.14|LAX Los Angeles 34.05 -118.24|LGA New York 40.71 -74.01
LHR London 51.51 -0.13|LIM Lima -12.05 -77.04|LIS Lisbon 38.72 -9.14|LOS Lagos 6.52 3.38|MAA Chennai 13.08 80.27
MAD Madrid 40.42 -3.70|MAN Manchester 53.48 -2.24|MCI Kansas City 39.10 -94.58|MEL Melbourne -37.81 144.96|MEX Mexico City 19.43 -99.13
MIA Miami 25.76 -80.19|MNL Manila 14.60 120.98|MRS Marseille 43.30 5.37|MSP Minneapolis 44.98 -93.27|MUC Munich 48.14 11.58
MXP Milan 45.46 9.19|NBO Nairobi -1.29 36.82|NRT Tokyo 35.68 139.69|OMA Omaha 41.26 -95.93|ORD Chicago 41.88 -87.63
OSL Oslo 59.91 10.75|PDX Portland 45.52 -122.68|PER Perth -31.95 115.86|PHL Philadelphia 39.95 -75.17|PHX Phoenix 33.45 -112.07
PRG Prague 50.08 14.44|QRO Querétaro 20.59 -100.39|RMQ Taichung 24.15 120.67|SCL Santiago -33.45 -70.67|SEA Seattle 47.61 -122.33
SFO San Francisco 37.77 -122.42|SIN Singapore 1.35 103.82|SJC San Jose 37.34 -121.89|SLC Salt Lake City 40.76 -111.89|SOF Sofia 42.70 23.32
SYD Sydney -33.87 151.21|TLV Tel Aviv 32.09 34.78|TPE Taipei 25.03 121.57|TRN Turin 45.07 7.69|VIE Vienna 48.21 16.37
WAW Warsaw 52.23 21.01|YUL Montréal 45.50 -73.57|YVR Vancouver 49.28 -123.12|YYZ Toronto 43.65 -79.38|ZRH Zürich 47.38 8.54`;

/** City codes of Google's regions. */
const regionTable = `
africa-south1 JNB|asia-east1 RMQ|asia-east2 HKG|asia-northeast1 NRT|asia-northeast2 KIX|asia-northeast3 ICN|asia-south1 BOM
asia-south2 DEL|asia-southeast1 SIN|asia-southeast2 CGK|asia-southeast3 BKK|australia-southeast1 SYD|australia-southeast2 MEL
europe-central2 WAW|europe-north1 HEL|europe-north2 ARN|europe-southwest1 MAD|europe-west1 CRL|europe-west10 BER|europe-west12 TRN
europe-west2 LHR|europe-west3 FRA|europe-west4 GRQ|europe-west6 ZRH|europe-west8 MXP|europe-west9 CDG|me-central1 DOH
me-central2 DMM|me-west1 TLV|northamerica-northeast1 YUL|northamerica-northeast2 YYZ|northamerica-south1 QRO|southamerica-east1 GRU
southamerica-west1 SCL|us-central1 CBF|us-east1 CHS|us-east4 IAD|us-east5 CMH|us-south1 DFW|us-west1 DLS|us-west2 LAX
us-west3 SLC|us-west4 LAS`;

const rowsOf = (text: string): string[] => text.trim().split(/\||\n/);

const cities: ReadonlyMap<string, City> = new Map(
  rowsOf(table).map((row) => {
    const words = row.split(' ');
    const [latitude = 0, longitude = 0] = words.slice(-2).map(Number);
    return [words[0] ?? '', { name: words.slice(1, -2).join(' '), latitude, longitude }];
  }),
);

const regions: ReadonlyMap<string, string> = new Map(
  rowsOf(regionTable).map((row) => {
    const [region = '', code = ''] = row.split(' ');
    return [region, code];
  }),
);

/** The city of an IATA code such as `DFW`; undefined for one that is not in the table. */
export function cityOf(code: string): City | undefined {
  return cities.get(code.toUpperCase());
}

/** Code of the city where a region of Google's is. */
export function codeOfRegion(region: string): string | undefined {
  return regions.get(region);
}
