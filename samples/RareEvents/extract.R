# Writes ticdata, the CoIL 2000 challenge's table of an insurance company, as CSV (R package kernlab, Debian package r-cran-kernlab):
#   Rscript extract.R ticdata.csv [library]
# Rows 1 to 5822 are the challenge's training rows, 5823 to 9822 its evaluation rows. The last column says who has a caravan policy.
# MOSTYPE and MOSHOOFD are categories, written as numbers; the other columns are counts and codes that rise with what they stand for.
arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) > 1) .libPaths(c(arguments[2], .libPaths()))
data(ticdata, package = "kernlab")
for (name in setdiff(names(ticdata), "CARAVAN")) ticdata[[name]] <- as.integer(ticdata[[name]])
ticdata$CARAVAN <- as.integer(ticdata$CARAVAN == "insurance")
write.table(ticdata, arguments[1], sep = ",", quote = FALSE, row.names = FALSE)
