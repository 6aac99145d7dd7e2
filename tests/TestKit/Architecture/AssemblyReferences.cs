using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Stack.TestKit;

/// <summary>What an assembly refers to, read from its metadata: what the code uses, whatever its signatures say.</summary>
public static class AssemblyReferences
{
    /// <summary>The names of the assemblies that are referenced.</summary>
    public static IReadOnlyList<string> Assemblies(Assembly assembly) => Read(assembly, metadata =>
        metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)));

    /// <summary>The full names of the types of other assemblies that are referenced.</summary>
    public static IReadOnlyList<string> Types(Assembly assembly) => Read(assembly, metadata =>
        metadata.TypeReferences.Select(metadata.GetTypeReference).Select(type => metadata.GetString(type.Namespace) + "." + metadata.GetString(type.Name)));

    /// <summary>Whether an assembly comes with the runtime.</summary>
    public static bool IsFramework(string name)
        => File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));

    private static List<string> Read(Assembly assembly, Func<MetadataReader, IEnumerable<string>> select)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        using FileStream stream = File.OpenRead(assembly.Location);
        using var image = new PEReader(stream);
        return [.. select(image.GetMetadataReader()).Order(StringComparer.Ordinal)];
    }
}
