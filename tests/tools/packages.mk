# Every package this project asks Debian (and npm) for, in one place.
PKGS_BUILD := gcc make pkg-config libc6-dev libncurses-dev libcurl4-openssl-dev libjansson-dev \
              libwebsockets-dev libwebsockets-evlib-uv libuv1-dev libpcre2-dev libyaml-dev \
              libsqlite3-dev libsodium-dev libsecp256k1-dev libbotan-2-dev libssl-dev zlib1g-dev
PKGS_TEST  := libcmocka-dev libvterm-dev prometheus prometheus-node-exporter \
              npm python3 curl jq socat ripgrep procps mandoc openssh-server openssh-client
PKGS_LINT  := clang-format clang-tidy cppcheck shellcheck
PKGS_FUZZ  := clang libclang-rt-14-dev
PKGS_DOCS  := python3 tmux
PKGS_BENCH := valgrind ripgrep curl htop btop lnav openssh-server openssh-client
NPM_TEST   := @foundry-rs/anvil-linux-amd64@1.7.1 @foundry-rs/cast-linux-amd64@1.7.1
