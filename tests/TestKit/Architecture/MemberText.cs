using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Stack.TestKit;

/// <summary>The members of a type in one line each, for <see cref="PublicApiText"/>.</summary>
internal static class MemberText
{
    /// <summary>The access keyword of a member that others see; null for one that they do not.</summary>
    public static string? Access(MemberInfo member, bool open)
    {
        MethodBase? method = member switch
        {
            MethodBase m => m,
            PropertyInfo p => Widest(p.GetMethod, p.SetMethod),
            EventInfo e => e.AddMethod,
            _ => null,
        };
        if (member is FieldInfo field)
        {
            return field.IsPublic ? "public" : open && (field.IsFamily || field.IsFamilyOrAssembly) ? "protected" : null;
        }

        return method is null ? null : method.IsPublic ? "public" : open && (method.IsFamily || method.IsFamilyOrAssembly) ? "protected" : null;
    }

    public static IEnumerable<string> Attributes(MemberInfo member)
    {
        if (member is Type && member.IsDefined(typeof(FlagsAttribute)))
        {
            yield return "[Flags]";
        }

        // The compiler marks types and members that old compilers must not use with an Obsolete of its own.
        if (member.GetCustomAttribute<ObsoleteAttribute>() is { } obsolete && !member.IsDefined(typeof(CompilerFeatureRequiredAttribute)))
        {
            yield return "[Obsolete" + (obsolete.Message is null ? "" : "(" + Literal(obsolete.Message) + ")") + "]";
        }
    }

    public static string Field(FieldInfo field)
    {
        string type = CSharpTypeNames.Of(field.FieldType, new NullabilityInfoContext().Create(field));
        if (field.IsLiteral)
        {
            return $"const {type} {field.Name} = {Literal(field.GetRawConstantValue())}";
        }

        return (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "") + type + " " + field.Name;
    }

    public static string Property(PropertyInfo property, bool open)
    {
        MethodInfo accessor = Widest(property.GetMethod, property.SetMethod)!;
        ParameterInfo[] index = property.GetIndexParameters();
        string name = index.Length == 0 ? property.Name : "this[" + Parameters(index) + "]";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string reference = property.PropertyType.IsByRef ? RefKind(property.IsDefined(typeof(IsReadOnlyAttribute))) : "";
        string type = CSharpTypeNames.Of(property.PropertyType, new NullabilityInfoContext().Create(property));

        // The getter of an automatic property is read-only in any struct; the property is where its setter is too.
        bool sets = property.SetMethod is { } setter && !setter.IsDefined(typeof(IsReadOnlyAttribute));
        string modifiers = sets ? Modifiers(accessor).Replace("readonly ", "", StringComparison.Ordinal) : Modifiers(accessor);
        return modifiers + required + reference + type + " " + name + " { "
            + Accessor(property.GetMethod, accessor, "get", open)
            + Accessor(property.SetMethod, accessor, IsInit(property.SetMethod) ? "init" : "set", open) + "}";
    }

    public static string Constructor(ConstructorInfo constructor)
        => constructor.DeclaringType!.Name.Split('`')[0] + "(" + Parameters(constructor.GetParameters()) + ")";

    public static string Method(MethodInfo method, string name, string prefix)
    {
        bool readOnlyReturn = method.ReturnParameter.IsDefined(typeof(IsReadOnlyAttribute));
        string reference = method.ReturnType.IsByRef ? RefKind(readOnlyReturn) : "";
        string result = CSharpTypeNames.Of(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter));
        string generic = method.IsGenericMethodDefinition ? "<" + string.Join(", ", method.GetGenericArguments().Select(a => a.Name)) + ">" : "";
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return prefix + reference + result + " " + OperatorName(name) + generic + "(" + extension + Parameters(method.GetParameters()) + ")"
            + Constraints(method.GetGenericArguments());
    }

    public static string Modifiers(MethodInfo method)
    {
        string kind = method switch
        {
            { IsStatic: true } => "static ",
            { DeclaringType.IsInterface: true } => "",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true } when method.GetBaseDefinition() != method => method.IsFinal ? "sealed override " : "override ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
        Type type = method.DeclaringType!;
        bool readOnly = type.IsValueType && !type.IsDefined(typeof(IsReadOnlyAttribute)) && method.IsDefined(typeof(IsReadOnlyAttribute));
        return kind + (readOnly ? "readonly " : "");
    }

    public static string Constraints(Type[] arguments) => string.Concat(arguments.Where(a => a.IsGenericParameter).Select(argument =>
    {
        GenericParameterAttributes flags = argument.GenericParameterAttributes;
        bool value = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        string[] parts =
        [
            .. value ? ["struct"] : Array.Empty<string>(),
            .. flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>(),
            .. argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(c => CSharpTypeNames.Of(c)),
            .. flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !value ? ["new()"] : Array.Empty<string>(),
            .. flags.HasFlag(GenericParameterAttributes.AllowByRefLike) ? ["allows ref struct"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "" : $" where {argument.Name} : {string.Join(", ", parts)}";
    }));

    private static string OperatorName(string name) => name switch
    {
        "op_Equality" => "operator ==",
        "op_Inequality" => "operator !=",
        "op_LessThan" => "operator <",
        "op_LessThanOrEqual" => "operator <=",
        "op_GreaterThan" => "operator >",
        "op_GreaterThanOrEqual" => "operator >=",
        "op_Addition" => "operator +",
        "op_Subtraction" => "operator -",
        "op_Implicit" => "implicit operator",
        "op_Explicit" => "explicit operator",
        _ => name,
    };

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        // An out parameter is scoped without being told so; the attribute is there only where it is not.
        string scoped = parameter.CustomAttributes.Any(a => a.AttributeType.Name == "ScopedRefAttribute") && !parameter.IsOut ? "scoped " : "";
        string variable = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        scoped = variable.Length == 0 ? scoped : "";
        string kind = !parameter.ParameterType.IsByRef ? ""
            : parameter.IsOut ? "out "
            : parameter.IsDefined(typeof(RequiresLocationAttribute)) ? "ref readonly "
            : parameter.IsIn || parameter.IsDefined(typeof(IsReadOnlyAttribute)) ? "in "
            : "ref ";
        string type = CSharpTypeNames.Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
        string initial = !parameter.HasDefaultValue ? "" : " = " + Default(parameter);
        string when = parameter.GetCustomAttribute<NotNullWhenAttribute>() is { } notNull ? $"[NotNullWhen({Literal(notNull.ReturnValue)})] " : "";
        return when + variable + scoped + kind + type + " " + parameter.Name + initial;
    }

    private static string Default(ParameterInfo parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        object? value = parameter.RawDefaultValue;
        return value is null ? parameter.ParameterType.IsValueType ? "default" : "null"
            : type.IsEnum ? CSharpTypeNames.Of(type) + "." + Enum.ToObject(type, value)
            : Literal(value);
    }

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string text => "\"" + text + "\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string RefKind(bool readOnly) => readOnly ? "ref readonly " : "ref ";

    private static string Accessor(MethodInfo? accessor, MethodBase widest, string keyword, bool open)
        => accessor is null || Access(accessor, open) is not { } access ? ""
            : (access == Access(widest, open) ? "" : access + " ") + keyword + "; ";

    private static bool IsInit(MethodInfo? setter)
        => setter?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static MethodInfo? Widest(MethodInfo? get, MethodInfo? set)
        => get is null ? set : set is null || get.IsPublic || !set.IsPublic ? get : set;
}
