using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Stack.TestKit;

/// <summary>
/// Renders what an assembly offers to others in a sorted form that reads like C#: the text that <c>PublicApi.txt</c> holds, so that a
/// change of the public API shows in a review.
/// </summary>
public static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Describes all types that are visible outside; one line each, members indented below.</summary>
    public static string Describe(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return Describe(assembly.GetExportedTypes());
    }

    /// <summary>Describes some types.</summary>
    public static string Describe(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (Type type in types.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(text.Length == 0 ? "" : "\n");
            DescribeType(text, type);
        }

        return text.ToString();
    }

    private static void DescribeType(StringBuilder text, Type type)
    {
        foreach (string attribute in MemberText.Attributes(type))
        {
            text.Append(attribute).Append('\n');
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            text.Append("public delegate ").Append(MemberText.Method(invoke, CSharpTypeNames.Name(type), prefix: "")).Append('\n');
            return;
        }

        text.Append(Header(type)).Append('\n');
        IEnumerable<string> lines = type.IsEnum
            ? type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(EnumMember)
            : Members(type).Order(StringComparer.Ordinal).Select(line => line[(line.IndexOf('\0', StringComparison.Ordinal) + 1)..]);
        foreach (string line in lines)
        {
            text.Append("    ").Append(line).Append('\n');
        }
    }

    private static string SortKey(MemberInfo member) => member switch
    {
        FieldInfo { IsLiteral: true } => "0",
        FieldInfo => "1",
        ConstructorInfo => "2",
        PropertyInfo => "3",
        EventInfo => "4",
        MethodInfo { IsSpecialName: true } => "6",
        _ => "5",
    } + member.Name;

    private static string Header(Type type)
    {
        var words = new List<string> { type.IsNestedFamily || type.IsNestedFamORAssem ? "protected" : "public" };
        bool record = type.GetMethod("<Clone>$", Declared) is not null
            || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null);
        if (type.IsEnum)
        {
            words.Add("enum");
        }
        else if (type.IsInterface)
        {
            words.Add("interface");
        }
        else if (type.IsValueType)
        {
            words.AddRange(type.IsDefined(typeof(IsReadOnlyAttribute)) ? ["readonly"] : []);
            words.AddRange(type.IsByRefLike ? ["ref"] : []);
            words.AddRange(record ? ["record", "struct"] : ["struct"]);
        }
        else
        {
            words.AddRange(type switch
            {
                { IsAbstract: true, IsSealed: true } => ["static"],
                { IsAbstract: true } => ["abstract"],
                { IsSealed: true } => ["sealed"],
                _ => Array.Empty<string>(),
            });
            words.AddRange(record ? ["record"] : ["class"]);
        }

        words.Add(CSharpTypeNames.Name(type));
        return string.Join(' ', words) + Bases(type) + MemberText.Constraints(type.GetGenericArguments());
    }

    private static string Bases(Type type)
    {
        if (type.IsEnum)
        {
            return " : " + CSharpTypeNames.Of(Enum.GetUnderlyingType(type));
        }

        IEnumerable<string> parents = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)
            ? [CSharpTypeNames.Of(parent)]
            : [];
        string[] all = [.. parents, .. type.GetInterfaces().Where(i => i.IsVisible).Select(i => CSharpTypeNames.Of(i)).Order(StringComparer.Ordinal)];
        return all.Length == 0 ? "" : " : " + string.Join(", ", all);
    }

    private static string EnumMember(FieldInfo field)
    {
        object value = field.GetRawConstantValue()!;
        bool wire = Enum.GetUnderlyingType(field.DeclaringType!) == typeof(ushort);
        return field.Name + " = " + (wire
            ? "0x" + ((ushort)value).ToString("X4", CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture));
    }

    // Each line behind the key that it is sorted by and a NUL.
    private static IEnumerable<string> Members(Type type)
    {
        bool open = type is { IsSealed: false, IsValueType: false };
        foreach (MemberInfo member in type.GetMembers(Declared))
        {
            if (member.IsDefined(typeof(CompilerGeneratedAttribute)) || MemberText.Access(member, open) is not { } access)
            {
                continue;
            }

            string? line = member switch
            {
                FieldInfo field => MemberText.Field(field),
                PropertyInfo property => MemberText.Property(property, open),
                EventInfo e => "event " + CSharpTypeNames.Of(e.EventHandlerType!) + " " + e.Name,
                ConstructorInfo constructor when !constructor.IsStatic => MemberText.Constructor(constructor),
                MethodInfo method when !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)
                    => MemberText.Method(method, method.Name, MemberText.Modifiers(method)),
                _ => null,
            };
            if (line is not null)
            {
                string keyword = type.IsInterface ? "" : access + " ";
                yield return SortKey(member) + "\0" + string.Concat(MemberText.Attributes(member).Select(attribute => attribute + " ")) + keyword + line;
            }
        }
    }
}
