# Writes credit_data, 4,454 loans, as CSV (R package modeldata, MIT licence; Debian package r-cran-modeldata):
#   apt-get download r-cran-modeldata && dpkg-deb -x r-cran-modeldata_*.deb modeldata
#   Rscript extract.R credit.csv modeldata/usr/lib/R/site-library
# Missing numbers are NaN, missing words are empty.
arguments <- commandArgs(trailingOnly = TRUE)
lazyLoad(file.path(arguments[2], "modeldata/data/Rdata"), filter = function(name) name == "credit_data")
for (name in names(credit_data)) {
  column <- credit_data[[name]]
  credit_data[[name]] <- if (is.factor(column)) ifelse(is.na(column), "", as.character(column)) else ifelse(is.na(column), "NaN", format(column, trim = TRUE, scientific = FALSE))
}
write.table(credit_data, arguments[1], sep = ",", quote = FALSE, row.names = FALSE, eol = "\n")
