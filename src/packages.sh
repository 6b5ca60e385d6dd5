# Sourced by run.sh and test.sh.

# Tries once to bring the real Microsoft.ML packages into the machine's package folder, so that the build takes them.
# Where they are not to be had this takes a few seconds and changes nothing: the build then takes the stand-in.
fetch_packages() {
    local version=5.0.0
    local cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
    if [ -e "$cache/microsoft.ml/$version/microsoft.ml.nuspec" ] || [ "${MLNet:-auto}" = standin ]; then
        return 0
    fi
    local folder
    folder=$(mktemp -d)
    # A small package of the family tells quickly whether the large ones are there.
    restore_package "$folder" Microsoft.ML.DataView "$version" 10 && {
        echo "Fetching Microsoft.ML $version ..."
        restore_package "$folder" Microsoft.ML "$version" 600
        restore_package "$folder" Microsoft.ML.TimeSeries "$version" 600 || echo "There is no Microsoft.ML.TimeSeries: forecasting is left empty."
        restore_package "$folder" Microsoft.ML.ImageAnalytics "$version" 600 || echo "There is no Microsoft.ML.ImageAnalytics: what needs images is left empty."
        restore_package "$folder" TensorFlow.NET 0.100.2 600 || echo "There is no TensorFlow.NET: the TensorFlow engine says so when it is asked for."
    }
    rm -rf "$folder"
    return 0
}

# restore_package FOLDER PACKAGE VERSION SECONDS
restore_package() {
    cat > "$1/Fetch.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="$2" Version="[$3]" /></ItemGroup>
</Project>
PROJECT
    timeout "$4" dotnet restore "$1/Fetch.csproj" --verbosity quiet > /dev/null 2>&1
}

# fetch_tools FOLDER
# Brings what exported files are checked with: Node.js, the npm packages that the folder's package.json names, and Debian's python3-onnx.
# Where they are not to be had this says so and changes nothing: the tests that need them are then skipped.
fetch_tools() {
    local missing=()
    command -v node > /dev/null || missing+=(nodejs)
    command -v npm > /dev/null || missing+=(npm)
    /usr/bin/python3 -c 'import onnx' > /dev/null 2>&1 || missing+=(python3-onnx)
    if [ ${#missing[@]} -gt 0 ] && command -v apt-get > /dev/null; then
        local as_root=()
        [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
        echo "Installing ${missing[*]} ..."
        { timeout 300 "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" ||
            { timeout 120 "${as_root[@]}" apt-get update && timeout 300 "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}"; }; } > /dev/null 2>&1 ||
            echo "Without ${missing[*]}, which cannot be installed, some tests of exported files are skipped."
    fi
    if command -v npm > /dev/null && ! (cd "$1" && npm ls > /dev/null 2>&1); then
        echo "Installing the npm packages of $1 ..."
        (cd "$1" && timeout 300 npm install --ignore-scripts --no-package-lock --no-audit --no-fund > /dev/null 2>&1) ||
            echo "Without the npm packages, which cannot be installed, the tests that run exported files are skipped."
    fi
    return 0
}

require_dotnet() {
    if ! command -v dotnet > /dev/null || ! dotnet --list-sdks 2> /dev/null | grep -q '^1[0-9]\.'; then
        echo "This needs the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
        exit 1
    fi
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}
