using Microsoft.EntityFrameworkCore;
using Platform.ServiceDefaults.Database;

namespace Platform.Letters.Storage;

internal sealed class LettersDb(DbContextOptions<LettersDb> options) : ServiceDb(options, "letters");
