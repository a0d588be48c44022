//! The table of cities. Coordinates in hundredths of a degree; a region's city is where AWS says
//! the region lies (about.aws, "AWS Regions and Availability Zones"), as near as it says.

use super::City;

#[rustfmt::skip]
const fn city(
    name: &'static str, place: (&'static str, &'static str, &'static str),
    latitude: i32, longitude: i32, region: &'static str,
) -> City {
    let (continent, country, subdivision) = place;
    City { name, continent, country, subdivision, latitude, longitude, region }
}

/// New lines only at the end: a city's address block is its place in this table.
#[rustfmt::skip]
pub const CITIES: &[City] = &[
    city("n-virginia", ("NA", "US", "VA"), 3904, -7749, "us-east-1"),
    city("ohio", ("NA", "US", "OH"), 3996, -8300, "us-east-2"),
    city("n-california", ("NA", "US", "CA"), 3734, -12189, "us-west-1"),
    city("oregon", ("NA", "US", "OR"), 4584, -11970, "us-west-2"),
    city("montreal", ("NA", "CA", "QC"), 4550, -7357, "ca-central-1"),
    city("calgary", ("NA", "CA", "AB"), 5105, -11407, "ca-west-1"),
    city("queretaro", ("NA", "MX", ""), 2059, -10039, "mx-central-1"),
    city("sao-paulo", ("SA", "BR", ""), -2355, -4663, "sa-east-1"),
    city("dublin", ("EU", "IE", ""), 5335, -626, "eu-west-1"),
    city("london", ("EU", "GB", ""), 5151, -13, "eu-west-2"),
    city("paris", ("EU", "FR", ""), 4886, 235, "eu-west-3"),
    city("frankfurt", ("EU", "DE", ""), 5011, 868, "eu-central-1"),
    city("zurich", ("EU", "CH", ""), 4738, 854, "eu-central-2"),
    city("stockholm", ("EU", "SE", ""), 5933, 1807, "eu-north-1"),
    city("milan", ("EU", "IT", ""), 4546, 919, "eu-south-1"),
    city("zaragoza", ("EU", "ES", ""), 4165, -89, "eu-south-2"),
    city("bahrain", ("AS", "BH", ""), 2607, 5055, "me-south-1"),
    city("dubai", ("AS", "AE", ""), 2520, 5527, "me-central-1"),
    city("tel-aviv", ("AS", "IL", ""), 3209, 3478, "il-central-1"),
    city("cape-town", ("AF", "ZA", ""), -3393, 1842, "af-south-1"),
    city("hong-kong", ("AS", "HK", ""), 2232, 11417, "ap-east-1"),
    city("taipei", ("AS", "TW", ""), 2503, 12157, "ap-east-2"),
    city("mumbai", ("AS", "IN", ""), 1908, 7288, "ap-south-1"),
    city("hyderabad", ("AS", "IN", ""), 1739, 7849, "ap-south-2"),
    city("singapore", ("AS", "SG", ""), 135, 10382, "ap-southeast-1"),
    city("sydney", ("OC", "AU", ""), -3387, 15121, "ap-southeast-2"),
    city("jakarta", ("AS", "ID", ""), -621, 10685, "ap-southeast-3"),
    city("melbourne", ("OC", "AU", ""), -3781, 14496, "ap-southeast-4"),
    city("kuala-lumpur", ("AS", "MY", ""), 314, 10169, "ap-southeast-5"),
    city("auckland", ("OC", "NZ", ""), -3685, 17476, "ap-southeast-6"),
    city("bangkok", ("AS", "TH", ""), 1376, 10050, "ap-southeast-7"),
    city("tokyo", ("AS", "JP", ""), 3568, 13969, "ap-northeast-1"),
    city("seoul", ("AS", "KR", ""), 3757, 12698, "ap-northeast-2"),
    city("osaka", ("AS", "JP", ""), 3469, 13550, "ap-northeast-3"),
    city("new-york", ("NA", "US", "NY"), 4071, -7401, ""),
    city("los-angeles", ("NA", "US", "CA"), 3405, -11824, ""),
    city("chicago", ("NA", "US", "IL"), 4188, -8763, ""),
    city("dallas", ("NA", "US", "TX"), 3278, -9680, ""),
    city("buenos-aires", ("SA", "AR", ""), -3460, -5838, ""),
    city("berlin", ("EU", "DE", ""), 5252, 1341, ""),
    city("madrid", ("EU", "ES", ""), 4042, -370, ""),
    city("warsaw", ("EU", "PL", ""), 5223, 2101, ""),
    city("kyiv", ("EU", "UA", ""), 5045, 3052, ""),
    city("istanbul", ("AS", "TR", ""), 4101, 2898, ""),
    city("cairo", ("AF", "EG", ""), 3004, 3124, ""),
    city("lagos", ("AF", "NG", ""), 652, 338, ""),
    city("nairobi", ("AF", "KE", ""), -129, 3682, ""),
    city("delhi", ("AS", "IN", ""), 2861, 7721, ""),
    city("manila", ("AS", "PH", ""), 1460, 12098, ""),
];
