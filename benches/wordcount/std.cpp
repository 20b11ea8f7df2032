// examples/wordcount.c with std::unordered_map.

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using Counts = std::unordered_map<std::string, long>;

static bool is_word(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

static void count_line(Counts &counts, const char *at, const char *end)
{
    while (at < end) {
        while (at < end && !is_word(*at))
            at++;
        const char *word = at;
        while (at < end && is_word(*at))
            at++;
        if (at == word)
            break;
        ++counts[std::string(word, at)];
    }
}

int main(int argc, char **argv)
{
    Counts counts;
    std::FILE *file = argc > 1 ? std::fopen(argv[1], "r") : nullptr;
    char *line = nullptr;
    size_t room = 0;
    ssize_t length;
    if (file == nullptr)
        return EXIT_FAILURE;
    while ((length = getline(&line, &room, file)) >= 0)
        count_line(counts, line, line + length);
    std::vector<const Counts::value_type *> all;
    all.reserve(counts.size());
    for (const auto &each : counts)
        all.push_back(&each);
    std::sort(all.begin(), all.end(), [](const auto *a, const auto *b) {
        return a->second != b->second ? a->second > b->second : a->first < b->first;
    });
    for (size_t i = 0; i < all.size() && i < 10; i++)
        std::printf("%10ld %s\n", all[i]->second, all[i]->first.c_str());
    std::free(line);
    std::fclose(file);
    return EXIT_SUCCESS;
}
