using System.Security.Cryptography;

namespace Platform.Sandbox.Telegram.Files;

/// <param name="Id">The id by which bots send it again.</param>
/// <param name="Path">Download path: <c>/file/bot[token]/[path]</c>.</param>
internal sealed record SharedFile(string Id, string UniqueId, string Path, string Name, string MimeType, ReadOnlyMemory<byte> Content);

/// <summary>All files, in memory. Guarded by <see cref="Messenger.Lock"/>.</summary>
internal sealed class SharedFiles
{
    private readonly Dictionary<string, SharedFile> _byId = [];
    private readonly Dictionary<string, SharedFile> _byPath = [];
    private readonly Dictionary<string, SharedFile> _byUniqueId = [];

    public SharedFile Add(string folder, string name, string mimeType, ReadOnlyMemory<byte> content)
    {
        var file = new SharedFile(
            $"AgAD{RandomNumberGenerator.GetHexString(48)}",
            RandomNumberGenerator.GetHexString(16, lowercase: true),
            $"{folder}/file_{_byId.Count}{System.IO.Path.GetExtension(name)}",
            name,
            mimeType,
            content);
        _byId[file.Id] = file;
        _byPath[file.Path] = file;
        _byUniqueId[file.UniqueId] = file;
        return file;
    }

    public SharedFile? Find(string id) => _byId.GetValueOrDefault(id);

    public SharedFile? FindByPath(string path) => _byPath.GetValueOrDefault(path);

    public SharedFile? FindByUniqueId(string uniqueId) => _byUniqueId.GetValueOrDefault(uniqueId);

    public void Clear()
    {
        _byId.Clear();
        _byPath.Clear();
        _byUniqueId.Clear();
    }
}
