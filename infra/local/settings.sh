# Sourced by ./run and ./platform.

# Reads KEY=VALUE lines into the environment. Variables that are already set win.
read_settings() {
    local line
    [[ -f $1 ]] || return 0
    while IFS= read -r line || [[ $line ]]; do
        [[ $line =~ ^[[:space:]]*([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
        local key=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]%$'\r'}
        if [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]]; then value=${BASH_REMATCH[1]}; fi
        [[ -v $key ]] || export "$key=$value"
    done < "$1"
}
