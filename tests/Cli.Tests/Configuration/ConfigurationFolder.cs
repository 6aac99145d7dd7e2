using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using Stack.TestKit;
using Xunit;

namespace Stack.Cli.Tests;

/// <summary>A folder with a configuration and what it names; files are their owner's alone unless a test opens them.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string Write(string name, string text, bool isOpenToOthers = false) => Write(name, Encoding.UTF8.GetBytes(text), isOpenToOthers);

    public string Write(string name, byte[] bytes, bool isOpenToOthers = false)
    {
        string path = _folder.File(name);
        File.WriteAllBytes(path, bytes);
        if (!OperatingSystem.IsWindows())
        {
            UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.SetUnixFileMode(path, isOpenToOthers ? owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead : owner);
        }

        return path;
    }

    public string PathOf(string name) => _folder.File(name);

    public ServeConfiguration Read(string json)
    {
        string path = Write("serve.json", json);
        bool read = ServeConfigurationReader.TryRead(path, out ServeConfiguration? configuration, out ConfigurationError? error);
        Assert.True(read, error?.ToString());
        return configuration!;
    }

    public ConfigurationError Refuse(string json) => Refuse(Encoding.UTF8.GetBytes(json));

    public ConfigurationError Refuse(byte[] bytes, bool isOpenToOthers = false)
    {
        string path = Write("serve.json", bytes, isOpenToOthers);
        Assert.False(TryRead(path, out ConfigurationError? error));
        return error;
    }

    public static bool TryRead(string path, [NotNullWhen(false)] out ConfigurationError? error)
        => ServeConfigurationReader.TryRead(path, out _, out error);

    public void Dispose() => _folder.Dispose();
}
