# Writes the series of samples/Forecast/data from R's own datasets (Debian package r-base-core):
#   Rscript extract.R data
# AirPassengers  monthly airline passengers, thousands, 1949-1960 (Box and Jenkins 1976)
# nottem         monthly mean air temperature at Nottingham Castle, degrees Fahrenheit, 1920-1939 (Anderson 1976)
# UKgas          quarterly UK gas consumption, millions of therms, 1960-1986 (Durbin and Koopman 2001)
# sunspot.month  monthly mean relative sunspot numbers, 1749 on (Andrews and Herzberg 1985; WDC-SILSO, Royal Observatory of Belgium)
folder <- commandArgs(trailingOnly = TRUE)[1]
for (name in c("AirPassengers", "nottem", "UKgas", "sunspot.month")) {
  series <- get(name, envir = asNamespace("datasets"))
  time <- as.numeric(time(series)) + 1e-6
  month <- floor((time %% 1) * 12) + 1
  write.table(
    data.frame(Month = sprintf("%04d-%02d-01", floor(time), month), Value = as.numeric(series)),
    file.path(folder, paste0(name, ".csv")), sep = ",", quote = FALSE, row.names = FALSE)
}
