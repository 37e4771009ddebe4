using Microsoft.EntityFrameworkCore;
using Platform.ServiceDefaults;

namespace Platform.Letters.Storage;

internal sealed class LettersDb(DbContextOptions<LettersDb> options) : PlatformDb(options, "letters");
